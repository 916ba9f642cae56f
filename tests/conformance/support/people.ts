import { keccak256, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** A wallet that no chain has seen. A wallet belongs to one entity for ever, so a well-known one may be in use. */
function wallet(name: string) {
  return privateKeyToAccount(keccak256(toHex(`conformance wallet ${name}`)));
}

function entityId(name: string): Hex {
  return `0x${keccak256(toHex(`conformance entity ${name}`)).slice(2, 34)}`;
}

/** Alice and Anna are wallets of one entity, Bob is a wallet of another. */
export const ALICE = wallet("alice");

export const ANNA = wallet("anna");

export const BOB = wallet("bob");

/** A wallet that never bids. */
export const STRANGER = wallet("stranger");

/** Alice's and Anna's entity. */
export const ENTITY = entityId("first");

/** Bob's entity. */
export const OTHER_ENTITY = entityId("second");
