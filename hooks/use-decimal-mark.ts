"use client";

import { useSyncExternalStore } from "react";
import type { DecimalMark } from "@/lib/sale/decimal-text";

let known: DecimalMark | undefined;

function markOfLocale(): DecimalMark | undefined {
  const mark = new Intl.NumberFormat().formatToParts(1.5).find(({ type }) => type === "decimal")?.value;
  return mark === "." || mark === "," ? mark : undefined;
}

const never = () => () => undefined;

/** What the reader's locale writes before decimals. Unknown on the server, and so in the browser's first render. */
export function useDecimalMark(): DecimalMark | undefined {
  return useSyncExternalStore(
    never,
    () => (known ??= markOfLocale()),
    () => undefined,
  );
}
