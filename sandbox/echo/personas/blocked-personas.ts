import { soloPersona, type EntityWire, type Persona } from "./persona";

const VERIFICATION = "In verification, or rejected";

const INCOMPLETE: Partial<EntityWire> = { SaleEligibility: "unknown-setup-incomplete" };

/** One persona for every setup state but "complete", and one who is complete but not eligible. */
export const VERIFICATION_PERSONAS: readonly Persona[] = [
  soloPersona(
    { id: "alan", name: "Alan Turing", description: "Setup not started.", group: VERIFICATION },
    { ...INCOMPLETE, EntitySetupState: "not-started", InvestingRegion: "unknown" },
  ),
  soloPersona(
    {
      id: "barbara",
      name: "Barbara Liskov",
      description: "Setup in progress: some steps are left.",
      group: VERIFICATION,
    },
    { ...INCOMPLETE, EntitySetupState: "in-progress", InvestingRegion: "us" },
  ),
  soloPersona(
    { id: "donald", name: "Donald Knuth", description: "Submitted, waiting for review.", group: VERIFICATION },
    { ...INCOMPLETE, EntitySetupState: "ready-for-review" },
  ),
  soloPersona(
    { id: "edsger", name: "Edsger Dijkstra", description: "In review by compliance.", group: VERIFICATION },
    { ...INCOMPLETE, EntitySetupState: "in-review", InvestingRegion: "eu" },
  ),
  soloPersona(
    {
      id: "frances",
      name: "Frances Allen",
      description: "Setup failed, but can be corrected.",
      group: VERIFICATION,
    },
    { ...INCOMPLETE, EntitySetupState: "failure" },
  ),
  soloPersona(
    { id: "john", name: "John Backus", description: "Setup failed permanently.", group: VERIFICATION },
    { EntitySetupState: "failure-final", SaleEligibility: "not-eligible" },
  ),
  soloPersona(
    { id: "radia", name: "Radia Perlman", description: "A technical problem on Sonar's side.", group: VERIFICATION },
    { ...INCOMPLETE, EntitySetupState: "technical-issue" },
  ),
  soloPersona(
    { id: "tony", name: "Tony Hoare", description: "Verified, but not eligible for this sale.", group: VERIFICATION },
    { SaleEligibility: "not-eligible", InvestingRegion: "eu" },
  ),
];

const PURCHASE_CHECK = "Eligible, but the purchase check fails";

/** One persona for every reason of a failed pre-purchase check; two for "outside-time-window", before and after it. */
export const PURCHASE_CHECK_PERSONAS: readonly Persona[] = [
  soloPersona(
    {
      id: "hedy",
      name: "Hedy Lamarr",
      description: "Must pass a face check first.",
      group: PURCHASE_CHECK,
    },
    {},
    { failureReason: "requires-liveness" },
  ),
  soloPersona(
    { id: "satoshi", name: "Satoshi N.", description: "Every wallet fails risk screening.", group: PURCHASE_CHECK },
    {},
    { failureReason: "wallet-risk" },
  ),
  soloPersona(
    {
      id: "margaret",
      name: "Margaret Hamilton",
      description: "Has reached its wallet limit.",
      group: PURCHASE_CHECK,
    },
    {},
    { failureReason: "max-wallets-used" },
  ),
  soloPersona(
    { id: "shafi", name: "Shafi Goldwasser", description: "The wallet is not linked on Sonar.", group: PURCHASE_CHECK },
    {},
    { failureReason: "wallet-not-linked" },
  ),
  soloPersona(
    {
      id: "leslie",
      name: "Leslie Lamport",
      description: "The sale is not active for this entity.",
      group: PURCHASE_CHECK,
    },
    {},
    { failureReason: "sale-not-active" },
  ),
  soloPersona(
    {
      id: "dorothy",
      name: "Dorothy Vaughan",
      description: "Too early: the sale window opens later.",
      group: PURCHASE_CHECK,
    },
    { InvestingRegion: "us" },
    { window: "not-yet-open" },
  ),
  soloPersona(
    {
      id: "niklaus",
      name: "Niklaus Wirth",
      description: "Too late: the sale window has closed.",
      group: PURCHASE_CHECK,
    },
    { InvestingRegion: "eu" },
    { window: "closed" },
  ),
  soloPersona(
    { id: "kurt", name: "Kurt Goedel", description: "The reason is unknown.", group: PURCHASE_CHECK },
    {},
    { failureReason: "unknown" },
  ),
  soloPersona(
    {
      id: "kathleen",
      name: "Kathleen Booth",
      description: "The reason is not on any list.",
      group: PURCHASE_CHECK,
    },
    {},
    { failureReason: "no-custom-commitment-amount-limit" },
  ),
];

const PERMIT = "Ready, but the permit is unusable";

/** The largest uint64. A JSON parser that reads numbers as floats rounds it, but the signature covers the exact value. */
const LARGEST_PRICE = 2n ** 64n - 1n;

/** Personas with permits that an app must not send to the contract. */
export const PERMIT_PERSONAS: readonly Persona[] = [
  soloPersona(
    { id: "annie", name: "Annie Easley", description: "The permit has already expired.", group: PERMIT },
    {},
    { permit: "expired" },
  ),
  soloPersona(
    { id: "grete", name: "Grete Hermann", description: "The permit has an older form.", group: PERMIT },
    {},
    { permit: "older-form" },
  ),
  soloPersona(
    {
      id: "evelyn",
      name: "Evelyn Granville",
      description: "The permit contains a number that JSON rounds.",
      group: PERMIT,
    },
    {},
    { maxPrice: LARGEST_PRICE },
  ),
];
