import { keccak256, toHex } from "viem";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** A wallet that no chain has seen: wallets belong to an entity for ever, so well-known ones may be taken. */
function wallet(name: string) {
  return privateKeyToAccount(keccak256(toHex(`conformance wallet ${name}`)));
}

function entityId(name: string): Hex {
  return `0x${keccak256(toHex(`conformance entity ${name}`)).slice(2, 34)}`;
}

/** Alice and Anna are wallets of the same entity where a rule needs two, Bob is of another. */
export const ALICE = wallet("alice");
export const ANNA = wallet("anna");
export const BOB = wallet("bob");
/** Never bids. */
export const STRANGER = wallet("stranger");

/** Alice's and Anna's entity. */
export const ENTITY = entityId("first");
/** Bob's entity. */
export const OTHER_ENTITY = entityId("second");
