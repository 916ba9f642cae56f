import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isJsonObject } from "../http/request";

const DAY = 24 * 60 * 60;

/** The lead of the chain's clock, in seconds, that is possible if nobody has moved it. */
const TOLERANCE = 60;

/** Times in Unix seconds that decide the start of a sale's windows. */
export interface AnchorTimes {
  /** The anchor of an earlier run. */
  previous: number | undefined;
  wall: number;
  chain: number;
}

/**
 * The time that all windows are counted from, in Unix seconds. It stays while the chain's clock is ahead of the wall clock: somebody
 * has moved the clock, perhaps past the end of a window, and that window must not open again. Otherwise it is the start of today,
 * so that the sale is still running if the sandbox was off for weeks.
 */
export function chooseAnchor({ previous, wall, chain }: AnchorTimes): number {
  if (previous !== undefined && chain > wall + TOLERANCE) return previous;
  return wall - (wall % DAY);
}

/** The time that the sale's windows are counted from; kept in a file if one is given. */
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

  /** Continues with the anchor of an earlier run, or starts today; `chainTime` is in Unix seconds. */
  resume(chainTime: number): void {
    this.keep(chooseAnchor({ previous: this.anchor, wall: this.wallTime(), chain: chainTime }));
  }

  /** Starts today, like a chain after a reset. */
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

/** A file without a valid anchor is ignored, because nothing is lost. */
function readAnchor(file: string): number | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    const anchor = isJsonObject(kept) ? kept["anchor"] : undefined;
    return typeof anchor === "number" && Number.isSafeInteger(anchor) ? anchor : undefined;
  } catch {
    return undefined;
  }
}
