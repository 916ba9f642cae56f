import { isJsonObject } from "../http/json-body";

/** Blocks at the end that stay whatever is in them: as many as a contract can ask the hash of. */
const RECENT = 256;

/**
 * A node's kept state without the blocks in which nothing happened, but for the first and the recent ones. The node keeps
 * every block, which with one each 12 seconds is 12 MB a day. What is not in the form known here stays as it is. Pure.
 */
export function withoutEmptyBlocks(state: unknown): unknown {
  if (!isJsonObject(state) || !Array.isArray(state["blocks"])) return state;
  const newest = Number(state["best_block_number"]);
  const blocks = state["blocks"].filter((block: unknown) => isWorthKeeping(block, newest));
  return { ...state, blocks };
}

function isWorthKeeping(block: unknown, newest: number): boolean {
  if (!isJsonObject(block) || !isJsonObject(block["header"]) || !Array.isArray(block["transactions"])) return true;
  const number = Number(block["header"]["number"]);
  // Also where a number cannot be read, and the comparison holds for neither side.
  return block["transactions"].length > 0 || number === 0 || !(number <= newest - RECENT);
}
