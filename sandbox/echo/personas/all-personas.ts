import { makeEntity, ownPersona, persona, soloPersona, entityId, type Persona, uuidOf } from "./persona";
import { PERMIT_PERSONAS, PURCHASE_CHECK_PERSONAS, VERIFICATION_PERSONAS } from "./blocked-personas";

const READY = "Ready to purchase";

/** The largest uint256, which Echo uses for "no upper limit". */
const NO_LIMIT = (2n ** 256n - 1n).toString();

/**
 * Echo's sources disagree about a sale at a fixed price: its examples bid at price 0, and one of its pages says that a permit's bounds are the
 * sale's price (sonar.md 4.6). An app must do what the bounds say, so that the sandbox has both.
 */
const WITHOUT_PRICE = { minPrice: 0, maxPrice: 0 };

const ada = soloPersona(
  { id: "ada", name: "Ada Lovelace", description: "Individual, verified and eligible. Start here.", group: READY },
  {},
  WITHOUT_PRICE,
  {
    investments: [
      { CompanyName: "Analytical Engines", Round: "Seed", InvestedOn: "2024-03-18T10:30:00Z" },
      { CompanyName: "Bernoulli Compute", Round: "Series A", InvestedOn: "2025-09-02T16:05:00Z" },
    ],
  },
);

const grace = soloPersona(
  {
    id: "grace",
    name: "Grace Hopper",
    description: "US individual: tokens are locked up, own limits apply.",
    group: READY,
  },
  { InvestingRegion: "us" },
  { customLimit: true, minAmount: "250000000", maxAmount: "2500000000" },
);

const emmy = soloPersona(
  {
    id: "emmy",
    name: "Emmy Noether",
    description: "EU individual: may cancel in the cancellation stage. The permit names the sale's price.",
    group: READY,
  },
  { InvestingRegion: "eu" },
);

const mary = soloPersona(
  {
    id: "mary",
    name: "Mary Ross",
    description: "Organisation in an auction: bids from 0.043 to 0.43, no upper limit.",
    group: READY,
  },
  { Label: "Ross Aerospace Ltd", EntityType: "organization" },
  { minAmount: "0", maxAmount: NO_LIMIT, minPrice: 2, maxPrice: 20 },
);

const katherine = persona(
  {
    id: "katherine",
    name: "Katherine Johnson",
    description: "Herself, her company and an abandoned duplicate, in changing order.",
    group: READY,
  },
  {
    entities: [
      makeEntity("katherine", { Label: "Katherine Johnson" }),
      makeEntity("katherine-org", { Label: "Johnson Orbital LLC", EntityType: "organization", InvestingRegion: "us" }),
      makeEntity("katherine-abandoned", {
        Label: "Katherine Johnson",
        EntitySetupState: "not-started",
        SaleEligibility: "unknown-setup-incomplete",
        InvestingRegion: "unknown",
      }),
    ],
    listing: {
      orders: [
        [2, 1, 0],
        [1, 2, 0],
      ],
    },
  },
);

/** Personas that can complete a purchase. */
const READY_PERSONAS: readonly Persona[] = [ada, grace, emmy, mary, katherine];

const UNUSUAL = "Unusual accounts";

/** Its markup ends where the shown label is cut. */
const LONG_LABEL = `O'Tables & "Sons" <img src=x onerror=alert(1)></script><script>alert(2)</script> ${"Very ".repeat(30)}Long Holding`;

const none = persona({ id: "nobody", name: "Jean Sammet", description: "Has no entity.", group: UNUSUAL }, {});

const slow = soloPersona(
  { id: "slow", name: "Konrad Zuse", description: "The list is empty for two reads after connecting.", group: UNUSUAL },
  { InvestingRegion: "eu" },
  {},
  { listing: { emptyReads: 2 } },
);

const unlisted = soloPersona(
  { id: "unlisted", name: "Ida Rhodes", description: "A setup state and region that are on no list.", group: UNUSUAL },
  { EntitySetupState: "awaiting-moon-phase", SaleEligibility: "eligible-on-tuesdays", InvestingRegion: "mars" },
);

const labels = persona(
  { id: "labels", name: "Bobby Tables", description: "One label with markup, one empty label.", group: UNUSUAL },
  {
    entities: [
      makeEntity("labels-long", { Label: LONG_LABEL, EntityType: "organization" }),
      makeEntity("labels-empty", { Label: "" }),
    ],
  },
);

const noEmail = soloPersona(
  { id: "no-email", name: "Lynn Conway", description: "Did not grant the email address.", group: UNUSUAL },
  {},
  {},
  { profile: { EntityID: entityId("no-email") } },
);

const unprefixed = soloPersona(
  { id: "unprefixed", name: "Alonzo Church", description: "The sale-specific id comes without 0x.", group: UNUSUAL },
  { SaleSpecificEntityID: "c0ffee00c0ffee00c0ffee00c0ffee00" },
);

const dashed = soloPersona(
  {
    id: "dashed",
    name: "Karen Jones",
    description: "Every id comes as a UUID with dashes, in permits too.",
    group: UNUSUAL,
  },
  { EntityID: uuidOf("entity:dashed"), SaleSpecificEntityID: uuidOf("sale:dashed") },
);

/** Personas with unusual data that an app must handle. */
const UNUSUAL_PERSONAS: readonly Persona[] = [none, slow, unlisted, labels, noEmail, unprefixed, dashed];

/** Every persona of the sandbox. The first is preselected on the consent page. */
export const PERSONAS: readonly Persona[] = [
  ...READY_PERSONAS,
  ...VERIFICATION_PERSONAS,
  ...PURCHASE_CHECK_PERSONAS,
  ...PERMIT_PERSONAS,
  ...UNUSUAL_PERSONAS,
];

/** The persona that a grant is for: of everybody, or a visitor's own one (see `ownPersona`). */
export function findPersona(grantedId: string): Persona | undefined {
  const [id, visitor] = grantedId.split("@");
  const found = PERSONAS.find((persona) => persona.id === id);
  return found && visitor !== undefined ? ownPersona(found, visitor) : found;
}
