import type { Persona } from "./persona";
import { PERMIT_PERSONAS } from "./permit-trouble";
import { PURCHASE_CHECK_PERSONAS } from "./purchase-check";
import { READY_PERSONAS } from "./ready";
import { UNUSUAL_PERSONAS } from "./unusual";
import { VERIFICATION_PERSONAS } from "./verification";

/** Everybody one can be in the sandbox. The first is the default on the consent page. */
export const PERSONAS: readonly Persona[] = [
  ...READY_PERSONAS,
  ...VERIFICATION_PERSONAS,
  ...PURCHASE_CHECK_PERSONAS,
  ...PERMIT_PERSONAS,
  ...UNUSUAL_PERSONAS,
];

/** The persona with this id. */
export function findPersona(id: string): Persona | undefined {
  return PERSONAS.find((persona) => persona.id === id);
}
