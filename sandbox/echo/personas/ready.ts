import { makeEntity } from "./make-entity";
import { persona, soloPersona } from "./make-persona";
import type { Persona } from "./persona";

const group = "Ready to take part";

/** The largest uint256: Echo's way to say that there is no upper limit. */
const NO_LIMIT = (2n ** 256n - 1n).toString();

const ada = soloPersona(
  { id: "ada", name: "Ada Lovelace", description: "Individual, verified and eligible. Start here.", group },
  {},
  {},
  {
    investments: [
      { CompanyName: "Analytical Engines", Round: "Seed", InvestedOn: "2024-03-18T10:30:00Z" },
      { CompanyName: "Bernoulli Compute", Round: "Series A", InvestedOn: "2025-09-02T16:05:00Z" },
    ],
  },
);

const grace = soloPersona(
  { id: "grace", name: "Grace Hopper", description: "US individual: tokens are locked up, own limits apply.", group },
  { InvestingRegion: "us" },
  { customLimit: true, minAmount: "250000000", maxAmount: "2500000000" },
);

const emmy = soloPersona(
  {
    id: "emmy",
    name: "Emmy Noether",
    description: "EU individual: may cancel in the cancellation stage. Bids without a price.",
    group,
  },
  { InvestingRegion: "eu" },
  { minPrice: 0, maxPrice: 0 },
);

const mary = soloPersona(
  {
    id: "mary",
    name: "Mary Ross",
    description: "Organisation in an auction: bids from 0.043 to 0.43, no upper limit.",
    group,
  },
  { Label: "Ross Aerospace Ltd", EntityType: "organization" },
  { minAmount: "0", maxAmount: NO_LIMIT, minPrice: 2, maxPrice: 20 },
);

const katherine = persona(
  {
    id: "katherine",
    name: "Katherine Johnson",
    description: "Herself, her company and an abandoned duplicate, in an order that changes.",
    group,
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

/** Personas that can go all the way. */
export const READY_PERSONAS: readonly Persona[] = [ada, grace, emmy, mary, katherine];
