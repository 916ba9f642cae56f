import type { Address } from "viem";
import type { SandboxAccount } from "../../../lib/config/sandbox";
import { EMPTY_WALLET, FUNDED_WALLETS, PERSONA_WALLETS } from "../../chain/chain-facts";
import { PERSONAS } from "./all-personas";
import type { Persona } from "./persona";

/**
 * The account that a persona commits with unless another one is chosen: a wallet stays with the first entity that commits with it, so that a
 * shared account would be a trap. The first persona has the first of the usual accounts.
 */
export function accountOf(persona: Pick<Persona, "id">): Address | undefined {
  const place = PERSONAS.findIndex(({ id }) => id === persona.id);
  return place === 0 ? FUNDED_WALLETS[0] : PERSONA_WALLETS[place - 1];
}

function firstName({ name }: Pick<Persona, "name">): string {
  return name.split(" ")[0] ?? name;
}

/** The number of an account in its label: the usual ones come first. */
function numberOf(address: Address): number {
  return [...FUNDED_WALLETS, ...PERSONA_WALLETS].findIndex((one) => isSame(one, address)) + 1;
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** An account's label, e.g. "1, used by Ada"; of a foreign one the address. */
export function accountLabel(address: Address): string {
  if (isSame(EMPTY_WALLET, address)) return "Empty, without tokens";
  const number = numberOf(address);
  if (number === 0) return address;
  const owner = PERSONAS.find((persona) => isSame(accountOf(persona), address));
  return `${number}, ${owner ? `used by ${firstName(owner)}` : "free"}`;
}

/** The accounts that the sandbox's wallet offers to a persona, its own first. Those of other personas would only be traps. */
export function accountsFor(persona: Pick<Persona, "id"> | undefined): SandboxAccount[] {
  const own = persona && accountOf(persona);
  const free = FUNDED_WALLETS.filter((address) => own === undefined || address !== FUNDED_WALLETS[0]);
  const offered = [...new Set([...(own ? [own] : []), ...free, EMPTY_WALLET])];
  return offered.map((address) => ({ address, label: accountLabel(address) }));
}
