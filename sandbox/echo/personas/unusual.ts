import { entityId, makeEntity } from "./make-entity";
import { persona, soloPersona } from "./make-persona";
import type { Persona } from "./persona";

const group = "Unusual accounts";

const LONG_LABEL = `Robert "Bobby" O'Tables & Sons <img src=x onerror=alert(1)> </script><script>alert(2)</script> ${"Very ".repeat(30)}Long Holding`;

const none = persona({ id: "nobody", name: "Jean Sammet", description: "Has no entity at all.", group }, {});

const slow = soloPersona(
  { id: "slow", name: "Konrad Zuse", description: "The list is empty for two reads after connecting.", group },
  { InvestingRegion: "eu" },
  {},
  { listing: { emptyReads: 2 } },
);

const unlisted = soloPersona(
  { id: "unlisted", name: "Ida Rhodes", description: "A setup state and region that no list names.", group },
  { EntitySetupState: "awaiting-moon-phase", SaleEligibility: "eligible-on-tuesdays", InvestingRegion: "mars" },
);

const labels = persona(
  { id: "labels", name: "Bobby Tables", description: "One label full of markup, one that is empty.", group },
  {
    entities: [
      makeEntity("labels-long", { Label: LONG_LABEL, EntityType: "organization" }),
      makeEntity("labels-empty", { Label: "" }),
    ],
  },
);

const noEmail = soloPersona(
  { id: "no-email", name: "Lynn Conway", description: "Did not grant the email address.", group },
  {},
  {},
  { profile: { EntityID: entityId("no-email") } },
);

const unprefixed = soloPersona(
  { id: "unprefixed", name: "Alonzo Church", description: "The sale-specific id comes without 0x.", group },
  { SaleSpecificEntityID: "c0ffee00c0ffee00c0ffee00c0ffee00" },
);

/** Personas whose data an app must survive. */
export const UNUSUAL_PERSONAS: readonly Persona[] = [none, slow, unlisted, labels, noEmail, unprefixed];
