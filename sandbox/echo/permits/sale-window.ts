import type { WindowKind } from "../personas/persona";

const DAY = 24 * 60 * 60;

/** Unix seconds; commitments are allowed in [opensAt, closesAt). */
export interface SaleWindow {
  opensAt: number;
  closesAt: number;
}

/**
 * A persona's window, counted from the sale's anchor (Unix seconds). It does not float with the clock: moving the chain's
 * clock past its end closes it.
 */
export function saleWindow(kind: WindowKind, anchor: number): SaleWindow {
  switch (kind) {
    case "open":
      return { opensAt: anchor - DAY, closesAt: anchor + 30 * DAY };
    case "not-yet-open":
      return { opensAt: anchor + 7 * DAY, closesAt: anchor + 30 * DAY };
    case "closed":
      return { opensAt: anchor - 3 * DAY, closesAt: anchor };
  }
}

/** Whether a window is open at `now` (Unix seconds). */
export function isOpen({ opensAt, closesAt }: SaleWindow, now: number): boolean {
  return opensAt <= now && now < closesAt;
}
