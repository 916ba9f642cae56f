"use client";

import { useHydrated } from "@/hooks/use-seeded-query";
import type { DecimalMark } from "@/lib/purchase/amount";

let localeMark: DecimalMark | undefined;

/** Undefined also in a browser that cannot tell: an ambiguous amount is then asked about. */
function markOfLocale(): DecimalMark | undefined {
  try {
    const mark = new Intl.NumberFormat().formatToParts(1.5).find(({ type }) => type === "decimal")?.value;
    return mark === "." || mark === "," ? mark : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The mark before the decimals in the reader's locale, "." or ",". The server does not know it, so it is absent in the browser's first render.
 */
export function useDecimalMark(): DecimalMark | undefined {
  return useHydrated() ? (localeMark ??= markOfLocale()) : undefined;
}
