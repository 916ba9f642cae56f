import type { EntityWire, Persona } from "../personas/persona";

/** The persona's entity list at its n-th read since connecting (from 0): transiently empty, or in an order that changes. */
export function listedEntities(persona: Persona, read: number): EntityWire[] {
  const { emptyReads = 0, orders = [] } = persona.listing ?? {};
  if (read < emptyReads) return [];
  const all = persona.entities.map(({ details }) => details);
  const order = orders[read % orders.length];
  return order === undefined ? all : order.flatMap((index) => all[index] ?? []);
}
