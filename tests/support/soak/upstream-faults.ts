import { setTimeout as sleep } from "node:timers/promises";
import { randomChoice, randomInteger } from "@/tests/support/seeded-random";
import type { FaultLog } from "@/tests/support/soak/fault-log";

/** A way in which the upstream fails one request. */
export type UpstreamFault =
  | { kind: "hang" }
  | { kind: "cut" }
  /** Milliseconds before the request is carried out, and again before its answer is sent. */
  | { kind: "slow"; before: number; after: number }
  | { kind: "internal error" }
  | { kind: "too many requests" }
  | { kind: "garbage" }
  | { kind: "400 MB" }
  /** The request is carried out, and its answer never arrives in a form that can be read. */
  | { kind: "lost answer"; form: "cut" | "hang" | "gateway" | "garbage" | "half" | "400 MB" }
  /** The API refuses a good access token, once for each user. */
  | { kind: "401 once" };

/** A request that reaches the upstream. */
export interface FaultyTarget {
  isTokenEndpoint: boolean;
  /** Absent for public data. */
  user?: string;
}

type Random = () => number;
type Kind = UpstreamFault["kind"];

const LOST_FORMS = ["cut", "hang", "gateway", "garbage", "half", "400 MB"] as const;

const MAKE: Readonly<Record<Kind, (random: Random) => UpstreamFault>> = {
  hang: () => ({ kind: "hang" }),
  cut: () => ({ kind: "cut" }),
  slow: (random) => ({
    kind: "slow",
    before: randomInteger(random, 200, 3_000),
    after: randomInteger(random, 200, 3_000),
  }),
  "internal error": () => ({ kind: "internal error" }),
  "too many requests": () => ({ kind: "too many requests" }),
  garbage: () => ({ kind: "garbage" }),
  "400 MB": () => ({ kind: "400 MB" }),
  "lost answer": (random) => ({ kind: "lost answer", form: randomChoice(random, LOST_FORMS) }),
  "401 once": () => ({ kind: "401 once" }),
};

const KINDS: readonly Kind[] = [
  "hang",
  "cut",
  "slow",
  "internal error",
  "too many requests",
  "garbage",
  "400 MB",
  "lost answer",
  "401 once",
];

/** Of the requests in a window, this part is hit; all others pass, as in a real outage. */
const HIT: Readonly<Partial<Record<Kind, number>>> = { "lost answer": 0.2, "400 MB": 0.3 };

/** Faults that hit single requests at any time, and how many of them. */
const SINGLE_RATE = 0.004;
const SINGLES = ["cut", "slow", "internal error", "garbage", "lost answer"] as const satisfies readonly Kind[];

function concerns(kind: Kind, { isTokenEndpoint, user }: FaultyTarget): boolean {
  if (kind === "lost answer") return isTokenEndpoint;
  if (kind === "401 once") return !isTokenEndpoint && user !== undefined;
  return true;
}

/** Each value once, in a random order. */
export function shuffled<T>(random: Random, values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The faults of the upstream that are switched on. */
export class UpstreamFaults {
  private window: Kind | undefined;
  private readonly refusedOnce = new Set<string>();
  /** The number of requests that were hit, by fault. */
  readonly hits = new Map<string, number>();

  constructor(private readonly random: Random) {}

  /** Switches a window on; the returned function ends it. */
  open(kind: Kind): () => void {
    this.window = kind;
    this.refusedOnce.clear();
    return () => (this.window = undefined);
  }

  /** No single faults either from now on. */
  quiet = false;

  /** The fault of a request that has just arrived. */
  take(target: FaultyTarget): UpstreamFault | undefined {
    const kind = this.windowed(target) ?? this.single(target);
    if (kind === undefined) return undefined;
    const fault = MAKE[kind](this.random);
    const name = fault.kind === "lost answer" ? `${fault.kind} (${fault.form})` : fault.kind;
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
    return fault;
  }

  private windowed(target: FaultyTarget): Kind | undefined {
    const kind = this.window;
    if (kind === undefined || !concerns(kind, target)) return undefined;
    if (kind === "401 once") {
      const user = target.user ?? "";
      if (this.refusedOnce.has(user)) return undefined;
      this.refusedOnce.add(user);
    }
    return this.random() < (HIT[kind] ?? 1) ? kind : undefined;
  }

  private single(target: FaultyTarget): Kind | undefined {
    if (this.quiet || this.random() >= SINGLE_RATE) return undefined;
    const kind = randomChoice(this.random, SINGLES);
    return concerns(kind, target) ? kind : undefined;
  }
}

/** What the lane of the upstream needs. */
interface UpstreamLane {
  faults: UpstreamFaults;
  log: FaultLog;
  random: Random;
  /** A user at random withdraws consent. */
  withdrawOne(): void;
  isOver(): boolean;
}

/** Opens one window after another until the soak is over: every fault once, in random order, then all of them again. */
export async function breakUpstream({ faults, log, random, withdrawOne, isOver }: UpstreamLane): Promise<void> {
  for (;;) {
    for (const kind of shuffled(random, KINDS)) {
      await sleep(randomInteger(random, 2_000, 5_000));
      if (isOver()) return;
      const ended = log.begin("upstream", kind);
      const close = faults.open(kind);
      await sleep(randomInteger(random, 4_000, 9_000));
      close();
      ended();
      withdrawOne();
    }
  }
}
