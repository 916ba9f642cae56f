/**
 * The outcome for the blocks whose events are not known: there are none, the next search goes on there, they could not be read, or the events of
 * blocks that were searched do not make the contract's state, since the node that gave them is behind.
 */
export type SearchedBlocks = "none" | "to-search" | "unread" | "behind";

/** The same, or blocks after the newest one that was searched: a later one is known, or that one is old by the world's clock. */
export type MissingBlocks = SearchedBlocks | "outdated";

/**
 * What an activity lacks, with blocks after the newest one that was searched. What is being searched or known to be behind is said first: it
 * is read again soon, and says no less.
 */
export function lacksNewer<T extends { missing: MissingBlocks }>(activity: T, isOlder: boolean): T {
  const { missing } = activity;
  return isOlder && (missing === "none" || missing === "unread") ? { ...activity, missing: "outdated" } : activity;
}

function atBlock(path: string, block: number | undefined): string {
  return block === undefined ? path : `${path}?block=${block}`;
}

/** The address of the CSV file, at this block or later; without one, at the latest that the server knows. */
export function fileAddress(block: number | undefined): string {
  return atBlock("/activity/export", block);
}

/** The same for an entry's receipt. */
export function entryAddress(id: string, block: number | undefined): string {
  return atBlock(`/activity/${id}`, block);
}
