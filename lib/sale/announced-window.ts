import type { SaleWindow } from "@/lib/sale/phase";

/** Stands for "no end". */
const FAR_AWAY = 2n ** 64n - 1n;

function seconds(ms: number): bigint {
  return BigInt(Math.floor(ms / 1000));
}

/**
 * The window that the operator has announced (SALE_OPENS_AT, SALE_CLOSES_AT; milliseconds since 1970), for where no permit of an entity is
 * known: that one's own window counts. Undefined where no time is announced: a guess about a deadline is worse than silence.
 */
export function announcedWindow(times: { opensAt?: number; closesAt?: number }): SaleWindow | undefined {
  const { opensAt, closesAt } = times;
  if (opensAt === undefined && closesAt === undefined) return undefined;
  return {
    opensAt: opensAt === undefined ? 0n : seconds(opensAt),
    closesAt: closesAt === undefined ? FAR_AWAY : seconds(closesAt),
  };
}
