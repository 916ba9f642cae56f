import { soloPersona } from "./make-persona";
import type { Persona } from "./persona";

const group = "Eligible, but the purchase check says no";

/** One persona for every reason of a failed pre-purchase check; "outside-time-window" has one on either side. */
export const PURCHASE_CHECK_PERSONAS: readonly Persona[] = [
  soloPersona(
    { id: "hedy", name: "Hedy Lamarr", description: "Must pass a face check first; passes once it is done.", group },
    {},
    { failureReason: "requires-liveness" },
  ),
  soloPersona(
    { id: "satoshi", name: "Satoshi N.", description: "Every wallet fails risk screening.", group },
    {},
    { failureReason: "wallet-risk" },
  ),
  soloPersona(
    { id: "margaret", name: "Margaret Hamilton", description: "Has used as many wallets as allowed.", group },
    {},
    { failureReason: "max-wallets-used" },
  ),
  soloPersona(
    { id: "shafi", name: "Shafi Goldwasser", description: "The wallet is not linked on Sonar.", group },
    {},
    { failureReason: "wallet-not-linked" },
  ),
  soloPersona(
    { id: "leslie", name: "Leslie Lamport", description: "The sale is not active for this entity.", group },
    {},
    { failureReason: "sale-not-active" },
  ),
  soloPersona(
    { id: "dorothy", name: "Dorothy Vaughan", description: "Too early: the window opens later.", group },
    { InvestingRegion: "us" },
    { window: "not-yet-open" },
  ),
  soloPersona(
    { id: "niklaus", name: "Niklaus Wirth", description: "Too late: the window has closed.", group },
    { InvestingRegion: "eu" },
    { window: "closed" },
  ),
  soloPersona(
    { id: "kurt", name: "Kurt Goedel", description: "The reason is unknown.", group },
    {},
    { failureReason: "unknown" },
  ),
  soloPersona(
    { id: "kathleen", name: "Kathleen Booth", description: "The reason is one that no list names.", group },
    {},
    { failureReason: "no-custom-commitment-amount-limit" },
  ),
];
