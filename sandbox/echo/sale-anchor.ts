import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isJsonObject } from "../http/request";

const DAY = 24 * 60 * 60;

/** Seconds by which the chain may be ahead of the wall clock without anybody having moved it. */
const TOLERANCE = 60;

/** Times in Unix seconds that decide from when a sale's windows are counted. */
export interface AnchorTimes {
  /** The anchor of an earlier run. */
  previous: number | undefined;
  wall: number;
  chain: number;
}

/**
 * What all windows are counted from, in Unix seconds. It stays while the chain's clock is ahead of the wall clock: somebody
 * has moved it, past a window's end perhaps, and that window must not open again. Otherwise it is the beginning of today,
 * so that the sale is not over because the sandbox was off for weeks.
 */
export function chooseAnchor({ previous, wall, chain }: AnchorTimes): number {
  if (previous !== undefined && chain > wall + TOLERANCE) return previous;
  return wall - (wall % DAY);
}

/** What the sale's windows are counted from, kept in a file where there is one. */
export class SaleAnchor {
  private anchor: number;

  constructor(
    private readonly now: () => number,
    private readonly file?: string,
  ) {
    this.anchor = file === undefined ? this.today() : (readAnchor(file) ?? this.today());
  }

  /** In Unix seconds. */
  get time(): number {
    return this.anchor;
  }

  /** Goes on where an earlier run ended, or begins today; `chainTime` is in Unix seconds. */
  resume(chainTime: number): void {
    this.keep(chooseAnchor({ previous: this.anchor, wall: this.wallTime(), chain: chainTime }));
  }

  /** Begins today, as a chain does that was reset. */
  restart(): void {
    this.keep(this.today());
  }

  private keep(anchor: number): void {
    this.anchor = anchor;
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify({ anchor }));
  }

  private today(): number {
    const wall = this.wallTime();
    return chooseAnchor({ previous: undefined, wall, chain: wall });
  }

  private wallTime(): number {
    return Math.floor(this.now() / 1000);
  }
}

/** A file that is no anchor is as good as none: nothing in it is worth keeping. */
function readAnchor(file: string): number | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    const anchor = isJsonObject(kept) ? kept["anchor"] : undefined;
    return typeof anchor === "number" && Number.isSafeInteger(anchor) ? anchor : undefined;
  } catch {
    return undefined;
  }
}
