import { shortenAddress } from "@/lib/sale/amounts";
import type { PurchasePermit } from "@/lib/sale/permit";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatMoment } from "@/lib/sale/moment";

/** What a permit is about to be used for. */
export interface PermitUse {
  /** The sale's UUID, with or without dashes. */
  saleUUID: string;
  /** The `SaleSpecificEntityID` chosen on the page. */
  entityID: string;
  /** The address that will send the bid. */
  wallet: string;
  /** Unix seconds of the latest block. */
  now: bigint;
}

/** Why the contract would refuse a permit, before anything is signed. */
export type PermitUseProblem =
  "wrong-sale" | "permit-expired" | "wrong-wallet" | "wrong-entity" | "window-not-open" | "window-closed";

/** Ids come with and without 0x and dashes, and in either case; the bytes are what counts. */
function sameBytes(one: string, other: string): boolean {
  const bare = (id: string) => id.replace(/^0x/i, "").replaceAll("-", "").toLowerCase();
  return bare(one) === bare(other);
}

/** Whether the permit's time to commit is now, in Unix seconds. */
export function checkWindow(
  { opensAt, closesAt }: Pick<PurchasePermit, "opensAt" | "closesAt">,
  now: bigint,
): Checked<bigint, "window-not-open" | "window-closed"> {
  if (now < opensAt) return refused("window-not-open", `You can commit from ${formatMoment(opensAt)} on.`);
  if (now >= closesAt) return refused("window-closed", `Your time to commit ended at ${formatMoment(closesAt)}.`);
  return passed(now);
}

/** What to say of a permit that another wallet would have to send. */
export function permitForWallet(wallet: string): string {
  return `Sonar's permit is for the wallet ${shortenAddress(wallet)}. Switch back to it.`;
}

/** The checks of a permit in the contract's own order (sonar.md 4.5), so that a refusal here names what the contract would have named. */
export function checkPermit(permit: PurchasePermit, use: PermitUse): Checked<PurchasePermit, PermitUseProblem> {
  const { wallet } = permit;
  if (!sameBytes(permit.saleUUID, use.saleUUID))
    return refused(
      "wrong-sale",
      "Sonar's permit is for another sale. Please report this to the operator of this site.",
    );
  if (permit.expiresAt <= use.now)
    return refused("permit-expired", "Sonar's permit has expired. Trying again gets a new one.");
  if (!sameBytes(wallet, use.wallet)) return refused("wrong-wallet", permitForWallet(wallet));
  if (!sameBytes(permit.saleSpecificEntityID, use.entityID))
    return refused("wrong-entity", "Sonar's permit is for another entity. Trying again gets the right one.");
  const open = checkWindow(permit, use.now);
  return open.ok ? passed(permit) : open;
}
