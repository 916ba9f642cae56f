/** The one time limit of an action, callback or render; every request to an upstream keeps to it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds at which `signal` aborts. */
  readonly at: number;
}

/** A deadline `ms` milliseconds from now. */
export function deadlineIn(ms: number, now: () => number = Date.now): Deadline {
  // Node refuses a part of a millisecond, which a share of another time limit often has.
  return { signal: AbortSignal.timeout(Math.ceil(ms)), at: now() + ms };
}

/** The value of a promise, or undefined if it takes longer than `ms` milliseconds. */
export function withTimeout<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
