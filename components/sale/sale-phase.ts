import { formatDuration } from "@/components/calendar";

/** When commitments are accepted, in Unix milliseconds; each end may be unannounced. */
export interface SaleWindow {
  opensAt?: number;
  closesAt?: number;
}

/** The sale's phase in words; nothing when no time is announced, since a guess about a deadline is worse than silence. */
export function salePhase(
  { opensAt, closesAt }: SaleWindow,
  now: number,
): { name: string; detail?: string } | undefined {
  if (opensAt !== undefined && now < opensAt)
    return { name: "Not open yet", detail: `opens in ${formatDuration(opensAt - now)}` };
  if (closesAt !== undefined && now >= closesAt) return { name: "Commitments closed" };
  if (closesAt !== undefined)
    return { name: "Commitments open", detail: `closes in ${formatDuration(closesAt - now)}` };
  return opensAt === undefined ? undefined : { name: "Commitments open" };
}
