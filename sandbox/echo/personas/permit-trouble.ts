import { soloPersona } from "./make-persona";
import type { Persona } from "./persona";

const group = "Ready, but the permit cannot be used";

/** The largest uint64: JSON parsers that read numbers as floats round it, and the signature covers the exact one. */
const LARGEST_PRICE = 2n ** 64n - 1n;

/** Personas whose purchase permits an app must not send to the contract. */
export const PERMIT_PERSONAS: readonly Persona[] = [
  soloPersona(
    { id: "annie", name: "Annie Easley", description: "The permit has expired when it arrives.", group },
    {},
    { permit: "expired" },
  ),
  soloPersona(
    { id: "grete", name: "Grete Hermann", description: "The permit is of an older form.", group },
    {},
    { permit: "older-form" },
  ),
  soloPersona(
    { id: "evelyn", name: "Evelyn Granville", description: "The permit has a number that JSON rounds.", group },
    {},
    { maxPrice: LARGEST_PRICE },
  ),
];
