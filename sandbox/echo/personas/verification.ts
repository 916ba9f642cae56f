import { soloPersona } from "./make-persona";
import type { EntityWire, Persona } from "./persona";

const group = "Still being verified, or refused";

const INCOMPLETE: Partial<EntityWire> = { SaleEligibility: "unknown-setup-incomplete" };

/** One persona for every setup state but "complete", and one who is complete and not eligible. */
export const VERIFICATION_PERSONAS: readonly Persona[] = [
  soloPersona(
    { id: "alan", name: "Alan Turing", description: "Setup not started.", group },
    { ...INCOMPLETE, EntitySetupState: "not-started", InvestingRegion: "unknown" },
  ),
  soloPersona(
    { id: "barbara", name: "Barbara Liskov", description: "Setup in progress: steps are left to do.", group },
    { ...INCOMPLETE, EntitySetupState: "in-progress", InvestingRegion: "us" },
  ),
  soloPersona(
    { id: "donald", name: "Donald Knuth", description: "Submitted, waiting for review.", group },
    { ...INCOMPLETE, EntitySetupState: "ready-for-review" },
  ),
  soloPersona(
    { id: "edsger", name: "Edsger Dijkstra", description: "Being looked at by compliance.", group },
    { ...INCOMPLETE, EntitySetupState: "in-review", InvestingRegion: "eu" },
  ),
  soloPersona(
    { id: "frances", name: "Frances Allen", description: "Setup failed in a way that can be mended.", group },
    { ...INCOMPLETE, EntitySetupState: "failure" },
  ),
  soloPersona(
    { id: "john", name: "John Backus", description: "Setup failed for good.", group },
    { EntitySetupState: "failure-final", SaleEligibility: "not-eligible" },
  ),
  soloPersona(
    { id: "radia", name: "Radia Perlman", description: "A technical problem on Sonar's side.", group },
    { ...INCOMPLETE, EntitySetupState: "technical-issue" },
  ),
  soloPersona(
    { id: "tony", name: "Tony Hoare", description: "Verified, but not eligible for this sale.", group },
    { SaleEligibility: "not-eligible", InvestingRegion: "eu" },
  ),
];
