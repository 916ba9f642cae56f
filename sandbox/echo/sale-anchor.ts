import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isJsonObject } from "../http/request";

const DAY = 24 * 60 * 60;

/** The lead of the chain's clock, in seconds, that is possible if nobody has moved it. */
const TOLERANCE = 60;

/** At a fixed price, or an auction, in which every permit leaves a choice of prices. */
export const SALE_KINDS = ["fixed-price", "auction"] as const;

/** The way in which the sale finds its price. */
export type SaleKind = (typeof SALE_KINDS)[number];

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

interface Kept {
  anchor?: number;
  kind?: SaleKind;
}

/** What only Echo knows of the sale: its kind, and the time that its windows are counted from. Kept in a file if one is given. */
export class SaleAnchor {
  private anchor: number;
  private saleKind: SaleKind;

  constructor(
    private readonly now: () => number,
    private readonly file?: string,
  ) {
    const kept = file === undefined ? {} : readKept(file);
    this.anchor = kept.anchor ?? this.today();
    this.saleKind = kept.kind ?? "fixed-price";
  }

  /** In Unix seconds. */
  get time(): number {
    return this.anchor;
  }

  get kind(): SaleKind {
    return this.saleKind;
  }

  set kind(kind: SaleKind) {
    this.saleKind = kind;
    this.keep();
  }

  /** Continues with the anchor of an earlier run, or starts today; `chainTime` is in Unix seconds. */
  resume(chainTime: number): void {
    this.anchor = chooseAnchor({ previous: this.anchor, wall: this.wallTime(), chain: chainTime });
    this.keep();
  }

  /** Starts today at a fixed price, like a chain after a reset. */
  restart(): void {
    this.anchor = this.today();
    this.kind = "fixed-price";
  }

  private keep(): void {
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify({ anchor: this.anchor, kind: this.saleKind }));
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
function readKept(file: string): Kept {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    const { anchor, kind } = isJsonObject(kept) ? kept : {};
    return {
      ...(typeof anchor === "number" && Number.isSafeInteger(anchor) && { anchor }),
      kind: SALE_KINDS.find((known) => known === kind),
    };
  } catch {
    return {};
  }
}
