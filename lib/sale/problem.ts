/** A failed check of an input: a name for code and tests, and a sentence for the user. */
export interface Problem<Kind extends string> {
  kind: Kind;
  sentence: string;
}

/**
 * A value that passed every check, or the first problem found. Nothing in lib/sale or lib/purchase throws because of what a user typed or
 * the chain sent.
 */
export type Checked<Value, Kind extends string> = { ok: true; value: Value } | { ok: false; problem: Problem<Kind> };

/** Wraps a value that passed. */
export function passed<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

/** Wraps a problem and its sentence. */
export function refused<Kind extends string>(kind: Kind, sentence: string): { ok: false; problem: Problem<Kind> } {
  return { ok: false, problem: { kind, sentence } };
}

/** A sentence for the user, and the way on from there. */
export interface Advice<Action> {
  sentence: string;
  action: Action;
}

/** Ends every sentence about a fault that only the operator can fix. Not in lib/failures.ts, whose table the wallet code must not load. */
export const REPORT = "Please report this to the operator of this site.";
