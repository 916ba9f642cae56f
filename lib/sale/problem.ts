/** Why something cannot be done: a name for code and tests, and a sentence for the person who tried. */
export interface Problem<Kind extends string> {
  kind: Kind;
  sentence: string;
}

/** A value that passed every check, or the first problem found. Nothing in lib/sale throws at what a user or the chain may send. */
export type Checked<Value, Kind extends string> = { ok: true; value: Value } | { ok: false; problem: Problem<Kind> };

/** The value that passed. */
export function passed<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

/** The problem found, with its sentence. */
export function refused<Kind extends string>(kind: Kind, sentence: string): { ok: false; problem: Problem<Kind> } {
  return { ok: false, problem: { kind, sentence } };
}
