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

/**
 * A part of a deadline: `ms` milliseconds from now, and never longer than the whole. It is a timer of its own and no combination of two signals:
 * a listener on the whole one would keep what it refers to until the whole time is over, and Node 20 collects the signal of `AbortSignal.any` as
 * garbage though somebody listens.
 */
export function partOf(whole: Deadline, ms: number): Deadline {
  return whole.signal.aborted ? whole : deadlineIn(Math.max(0, Math.min(ms, whole.left())));
}

/** The value of a promise, or undefined if it takes longer than `ms` milliseconds. */
export function withTimeout<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** A moment by both clocks of this process, in milliseconds. */
export interface Moment {
  monotonic: number;
  wall: number;
}

/** Now, for `passedSince`. */
export function thisMoment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/**
 * The milliseconds since a moment. The wall clock can be set back, which would keep a value young for that long; the monotonic one can stand still
 * while the machine sleeps. So the longer time counts.
 */
export function passedSince({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}
