import type { Hex } from "viem";
import { findPersona } from "@/sandbox/echo/personas/all-personas";

/** The SaleSpecificEntityID of a persona's first entity: what the contract knows it by. */
export function entityOnChain(personaId: string): Hex {
  const id = findPersona(personaId)?.entities[0]?.details.SaleSpecificEntityID;
  if (id === undefined) throw new Error(`${personaId} has no entity`);
  return `0x${id.replace(/^0x/, "")}`;
}
