import type { SaleStage } from "@/lib/sale/stage";

/** Commitments are allowed in [opensAt, closesAt); Unix seconds, of the entity's permit or, where there is none, as announced. */
export interface SaleWindow {
  opensAt: bigint;
  closesAt: bigint;
}

/** What the contract says, and when. */
export interface PhaseInput {
  stage: SaleStage;
  paused: boolean;
  /** Absent while no permit has been issued and the sale names no times. */
  window?: SaleWindow;
  /** Unix seconds of the latest block: the contract measures the window by it, and a visitor's clock may be wrong. */
  now: bigint;
}

/**
 * What the sale is doing. `secondsLeft` until it opens or closes; absent when no end is known. `commitment`: the stage for it, and nobody
 * knows here whether it is the time too.
 */
export type SalePhase =
  | { kind: "not-open" | "commitment" | "closed" | "paused" | "cancellation" | "settlement" | "done" }
  | { kind: "opens-later"; opensAt: bigint; secondsLeft: bigint }
  | { kind: "open"; closesAt?: bigint; secondsLeft?: bigint };

/** The year 10000. A later end means "no end", and no calendar could write it. */
const NO_END = 253_402_300_800n;

function commitmentPhase(window: SaleWindow | undefined, now: bigint): SalePhase {
  if (!window) return { kind: "commitment" };
  const { opensAt, closesAt } = window;
  if (closesAt <= opensAt || now >= closesAt) return { kind: "closed" };
  if (now < opensAt) return { kind: "opens-later", opensAt, secondsLeft: opensAt - now };
  return closesAt >= NO_END ? { kind: "open" } : { kind: "open", closesAt, secondsLeft: closesAt - now };
}

const IN_COMMITMENT: ReadonlySet<SalePhase["kind"]> = new Set(["commitment", "opens-later", "open", "closed"]);

/** Whether the contract itself takes commitments: then an entity's own permit decides, whatever was announced. */
export function isCommitmentStage({ kind }: SalePhase): boolean {
  return IN_COMMITMENT.has(kind);
}

/**
 * The phase of the sale. The stage alone does not tell whether it is open: contracts are put into Commitment right after they are
 * deployed, long before the sale, and it is the window that opens and closes it (sonar.md 4.1).
 */
export function salePhase({ stage, paused, window, now }: PhaseInput): SalePhase {
  if (paused) return { kind: "paused" };
  switch (stage) {
    case "pre-open":
      return { kind: "not-open" };
    case "commitment":
      return commitmentPhase(window, now);
    case "cancellation":
    case "settlement":
    case "done":
      return { kind: stage };
  }
}
