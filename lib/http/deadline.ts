/** The one time limit of an action, callback or render; every request to an upstream keeps to it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  left(): number;
}

/** A deadline `ms` milliseconds from now. It is counted by the monotonic clock: a step of the wall clock neither ends nor prolongs it. */
export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  // Node refuses a part of a millisecond, which a share of another time limit often has.
  return { signal: AbortSignal.timeout(Math.ceil(ms)), left: () => end - performance.now() };
}

/** The value of a promise, or undefined if it takes longer than `ms` milliseconds. */
export function withTimeout<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
