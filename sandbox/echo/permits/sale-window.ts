import type { WindowKind } from "../personas/persona";

const DAY = 24 * 60 * 60;

/** Unix seconds; commitments are allowed in [opensAt, closesAt). */
export interface SaleWindow {
  opensAt: number;
  closesAt: number;
}

/** A window around the current UTC day: the same for every permit of a day, as a real sale's is. */
export function saleWindow(kind: WindowKind, now: number): SaleWindow {
  const today = now - (now % DAY);
  switch (kind) {
    case "open":
      return { opensAt: today - DAY, closesAt: today + 4 * DAY };
    case "not-yet-open":
      return { opensAt: today + 2 * DAY, closesAt: today + 5 * DAY };
    case "closed":
      return { opensAt: today - 3 * DAY, closesAt: today };
  }
}
