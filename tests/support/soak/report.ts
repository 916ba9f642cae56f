import { cpus } from "node:os";
import type { Answers } from "@/tests/support/soak/answers";
import { countKinds, type FaultSpan } from "@/tests/support/soak/fault-log";
import type { LogFigures } from "@/tests/support/soak/log-check";
import { memoryFigures } from "@/tests/support/soak/resident-memory";
import { reuseCause, type SoakFacts } from "@/tests/support/soak/verdict";

/** The size of a soak. */
export interface SoakOptions {
  /** How long faults last. Starting and settling come on top. */
  seconds: number;
  users: number;
  /** At the start; faults make it two to four. */
  instances: number;
  /** Heap limit of each instance in megabytes; absent: Node's own. */
  heapMb?: number;
  /** The same seed makes the same choices; their times depend on the machine. */
  seed: number;
  /** Lifetime of access tokens. */
  tokenSeconds: number;
  /** All users together act so often, each at most every three seconds: the machine must have time to spare, or only its limits are tested. */
  actsPerSecond: number;
  /** Called with each fault that begins. */
  onFault?: (span: FaultSpan) => void;
}

/** A soak's facts and figures. */
export interface SoakResult {
  options: SoakOptions;
  /** Unix milliseconds. */
  startedAt: number;
  answers: Answers;
  /** Requests that a fault of the upstream hit, by fault. */
  hits: ReadonlyMap<string, number>;
  /** See `Machine`. */
  overloadedSeconds: number;
  ownDelay: { percentile99: number; most: number };
  logFigures: LogFigures;
  /** Rows at the end, by table. */
  rows: Readonly<Record<string, number>>;
  /** What each instance wrote. */
  logs: readonly { name: string; text: string }[];
  facts: SoakFacts;
}

type Row = readonly [what: string, figure: string];

function listed(counts: Iterable<readonly [string, number]>): string {
  const all = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return all.map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

function counted(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return listed(counts);
}

function percentile(sorted: readonly number[], part: number): string {
  return `${((sorted[Math.floor(sorted.length * part)] ?? 0) / 1_000).toFixed(2)} s`;
}

function answerRows({ answers }: SoakResult): Row[] {
  const sorted = answers.durations.toSorted((a, b) => a - b);
  const times = [0.5, 0.95, 0.99].map((part) => `${part * 100} % ${percentile(sorted, part)}`).join(", ");
  return [
    ["requests", String(answers.count)],
    ["answers by status", listed(answers.statuses)],
    ["answers with their user's own data", String(answers.ownData)],
    ["requests without an answer in 30 s", String(answers.statuses.get("no answer") ?? 0)],
    ["foreign data", String(answers.foreignData)],
    ["digests", String(answers.digests)],
    ["times", times],
  ];
}

function userRows({ facts: { users } }: SoakResult): Row[] {
  const done: Record<string, number> = {};
  for (const user of users) {
    for (const [what, count] of Object.entries(user.done)) done[what] = (done[what] ?? 0) + count;
  }
  return [
    ["what users did", listed(Object.entries(done))],
    ["users whose last call worked", `${users.filter(({ final }) => final === "ok").length} of ${users.length}`],
    ["told to connect again", counted(users.flatMap(({ losses }) => losses.map(({ told }) => told)))],
    ["failures that actions answered", counted(users.flatMap(({ failures }) => failures.map(({ code }) => code)))],
  ];
}

function upstreamRows({ facts: { families, instances }, hits }: SoakResult): Row[] {
  const attempts = families.flatMap((family) => family.attempts);
  const ends = families.flatMap(({ end }) => {
    if (!end) return [];
    return [end.reason === "reuse" ? `reuse, first answer: ${reuseCause(end, instances)}` : end.reason];
  });
  const outcomes = attempts.map(({ outcome = "under way", answer = "under way" }) =>
    outcome === "rotated" ? `${outcome}, answer ${answer}` : outcome,
  );
  return [
    ["connections at the upstream", String(families.length)],
    ["refreshes, by the upstream's record", counted(outcomes)],
    ["connections that the upstream ended", counted(ends)],
    ["upstream faults, by requests hit", listed(hits)],
  ];
}

function processRows({ facts: { instances, faults, largestRead } }: SoakResult): Row[] {
  const all = instances.map(({ name, memory, startedAt }) => ({ name, ...memoryFigures(memory, startedAt) }));
  const old = all.flatMap(({ name, largest, halves }) => {
    if (!halves) return [];
    return [`${name} ${halves.first.toFixed(0)} then ${halves.second.toFixed(0)} MB, ${largest.toFixed(0)} MB at most`];
  });
  const young = all.filter(({ halves }) => !halves);
  const largest = Math.max(0, ...young.map((one) => one.largest));
  const processes = [...old, `${young.length} younger ones ${largest.toFixed(0)} MB at most`];
  return [
    ["faults", listed(countKinds(faults))],
    ["processes, by their ends", counted(instances.map(({ end }) => end?.how ?? "ran to the end"))],
    ["resident memory, mean of first and second half", processes.join("; ")],
    ["most that was read of a body of 400 MB", `${(largestRead / 2 ** 20).toFixed(1)} MB with the sockets' buffers`],
  ];
}

function storeRows({ logFigures, rows, facts: { leftovers } }: SoakResult): Row[] {
  return [
    ["lines of the log", String(logFigures.lines)],
    ["lines that are no JSON", String(logFigures.notJson.length)],
    ["lines of level 50", listed(logFigures.errors)],
    ["lines of level 50 without a fault behind them", String(logFigures.unexplained.length)],
    ["rows at the end", listed(Object.entries(rows))],
    ["rows that should be gone", listed(Object.entries(leftovers))],
  ];
}

function machineWords({ overloadedSeconds, ownDelay: { percentile99, most } }: SoakResult): string {
  const own = `the soak itself was late by ${percentile99.toFixed(0)} ms (99 %), ${most.toFixed(0)} ms at most`;
  return `${cpus().length} processors, overloaded for ${overloadedSeconds} s; ${own}`;
}

/** The figures of a soak as a Markdown table. */
export function soakTable(result: SoakResult): string {
  const { seconds, users, instances, heapMb, seed, tokenSeconds } = result.options;
  const heap = heapMb === undefined ? "Node's own heap limit" : `a heap limit of ${heapMb} MB`;
  const rows: Row[] = [
    [
      "soak",
      `${users} users, ${instances} instances at the start, ${seconds} s of faults, ${heap}, tokens of ${tokenSeconds} s`,
    ],
    ["seed, Node", `${seed}, ${process.version}`],
    ["machine", machineWords(result)],
    ...userRows(result),
    ...answerRows(result),
    ...upstreamRows(result),
    ...processRows(result),
    ...storeRows(result),
  ];
  return ["| what | figure |", "| --- | --- |", ...rows.map(([what, figure]) => `| ${what} | ${figure} |`)].join("\n");
}
