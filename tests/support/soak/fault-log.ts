/** The parts of the site that a soak breaks. "machine": other programs take so much of it that answers are late, which nobody wanted. */
export type Lane = "upstream" | "database" | "instance" | "machine";

/** A fault and the time that it lasted, in Unix milliseconds. */
export interface FaultSpan {
  lane: Lane;
  /** In words, for the report. */
  kind: string;
  from: number;
  /** Absent: it lasts. */
  to?: number;
}

/** A fault is felt this long after its end (milliseconds): requests that began in it, connections that are made again. */
const AFTERMATH_MS = 15_000;

/** True if a fault was active at a time between `from` and `to`, or a little before. */
export function wasFaulty(
  spans: readonly FaultSpan[],
  { from, to = from }: { from: number; to?: number },
  lanes: readonly Lane[] = ["upstream", "database", "instance", "machine"],
): boolean {
  return spans.some(
    (span) => lanes.includes(span.lane) && span.from <= to && (span.to ?? Infinity) + AFTERMATH_MS >= from,
  );
}

/** Every fault of a soak, in order. */
export class FaultLog {
  readonly spans: FaultSpan[] = [];

  constructor(private readonly onBegin: (span: FaultSpan) => void = () => undefined) {}

  /** Notes a fault that begins now; the returned function notes its end. */
  begin(lane: Lane, kind: string): () => void {
    const span: FaultSpan = { lane, kind, from: Date.now() };
    this.spans.push(span);
    this.onBegin(span);
    return () => void (span.to = Date.now());
  }
}

/** The number of faults of each kind. */
export function countKinds(spans: readonly FaultSpan[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { lane, kind } of spans) counts.set(`${lane}: ${kind}`, (counts.get(`${lane}: ${kind}`) ?? 0) + 1);
  return counts;
}
