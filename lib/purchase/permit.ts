import type { BasicPermitV3, GeneratePurchasePermitResponse } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import { formatUtc } from "@/lib/calendar";
import { passed, refused, REPORT, type Checked } from "@/lib/sale/problem";
import { MAX_UINT256 } from "@/lib/sale/money";
import { sameHex, shortenAddress } from "@/lib/sale/hex";

/** The contract's PurchasePermitV3 (sonar.md 4.3): times in Unix seconds, amounts in smallest units, prices in ticks. */
export interface PurchasePermit {
  saleSpecificEntityID: Hex;
  saleUUID: Hex;
  wallet: Hex;
  expiresAt: bigint;
  minAmount: bigint;
  maxAmount: bigint;
  minPrice: bigint;
  maxPrice: bigint;
  opensAt: bigint;
  closesAt: bigint;
  payload: Hex;
}

/** A permit in the contract's form, with its decoded payload. */
export interface ReadPermit {
  permit: PurchasePermit;
  forcedLockup: boolean;
}

/** Everything that can make a permit unusable for this site. */
export type PermitProblem =
  "permit-v1" | "permit-v2" | "permit-allocation" | "inexact-integer" | "malformed-amount" | "malformed-payload";

/** A permit of any version, as the API sends it. */
type WirePermit = GeneratePurchasePermitResponse["PermitJSON"];

type Form = "v3" | "v2" | "allocation" | "v1";

const INTEGERS = ["ExpiresAt", "OpensAt", "ClosesAt", "MinPrice", "MaxPrice"] as const;

/** The wire format has no type tag, so the version is recognised by its fields, the newest first (sonar.md 2.5). */
function formOf(wire: WirePermit): Form {
  if ("OpensAt" in wire) return "v3";
  if ("MinPrice" in wire) return "v2";
  return "Permit" in wire ? "allocation" : "v1";
}

function isV3(wire: WirePermit): wire is BasicPermitV3 {
  return formOf(wire) === "v3";
}

function outdated(wire: WirePermit) {
  const kinds = { v3: undefined, v2: "permit-v2", allocation: "permit-allocation", v1: "permit-v1" } as const;
  const kind = kinds[formOf(wire)] ?? "permit-v1";
  return refused(kind, `Sonar issued an outdated kind of permit that this sale contract does not accept. ${REPORT}`);
}

/** JSON.parse silently rounds integers above 2^53. The signature covers the exact number, so the contract would refuse the permit. */
function inexactInteger(wire: BasicPermitV3): (typeof INTEGERS)[number] | undefined {
  return INTEGERS.find((name) => !Number.isSafeInteger(wire[name]) || wire[name] < 0);
}

/** Reads the decimal digits of a uint256; undefined for anything else. */
function parseUint256(digits: string): bigint | undefined {
  if (!/^\d{1,78}$/.test(digits)) return undefined;
  const value = BigInt(digits);
  return value <= MAX_UINT256 ? value : undefined;
}

/** On a payload that does not begin with an ABI-encoded bool, the contract reverts without a reason. */
function readForcedLockup(payload: string): boolean | undefined {
  const flag = /^0x0{63}([01])(?:[0-9a-f]{2})*$/i.exec(payload)?.[1];
  return flag === undefined ? undefined : flag === "1";
}

function toContract(wire: BasicPermitV3, minAmount: bigint, maxAmount: bigint): PurchasePermit {
  return {
    saleSpecificEntityID: wire.SaleSpecificEntityID,
    saleUUID: wire.SaleUUID,
    wallet: wire.Wallet,
    expiresAt: BigInt(wire.ExpiresAt),
    minAmount,
    maxAmount,
    minPrice: BigInt(wire.MinPrice),
    maxPrice: BigInt(wire.MaxPrice),
    opensAt: BigInt(wire.OpensAt),
    closesAt: BigInt(wire.ClosesAt),
    payload: wire.Payload,
  };
}

/** Turns the answer of GenerateSalePurchasePermit into the contract's permit, bit for bit as it was signed, or says why it is unusable. */
export function readPermit(wire: WirePermit): Checked<ReadPermit, PermitProblem> {
  if (!isV3(wire)) return outdated(wire);
  const inexact = inexactInteger(wire);
  if (inexact !== undefined)
    return refused("inexact-integer", `The number ${inexact} in Sonar's permit was rounded in transit. ${REPORT}`);
  const minAmount = parseUint256(wire.MinAmount);
  const maxAmount = parseUint256(wire.MaxAmount);
  if (minAmount === undefined || maxAmount === undefined)
    return refused("malformed-amount", `Sonar's permit contains an amount that cannot be read. ${REPORT}`);
  const forcedLockup = readForcedLockup(wire.Payload);
  if (forcedLockup === undefined)
    return refused("malformed-payload", `Sonar's permit does not say whether a lockup is required. ${REPORT}`);
  return passed({ permit: toContract(wire, minAmount, maxAmount), forcedLockup });
}

/** The use that a permit is checked for. */
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

/** Everything that would make the contract refuse a permit for this use. */
export type PermitUseProblem =
  "wrong-sale" | "permit-expired" | "wrong-wallet" | "wrong-entity" | "window-not-open" | "window-closed";

/** Checks that the time to commit is now, in Unix seconds. */
export function checkWindow(
  { opensAt, closesAt }: Pick<PurchasePermit, "opensAt" | "closesAt">,
  now: bigint,
): Checked<bigint, "window-not-open" | "window-closed"> {
  if (now < opensAt) return refused("window-not-open", `You can commit from ${formatUtc(opensAt)}.`);
  if (now >= closesAt) return refused("window-closed", `Your time window closed on ${formatUtc(closesAt)}.`);
  return passed(now);
}

/** The sentence about a permit that only another wallet can use. */
export function permitForWallet(wallet: string): string {
  return `Sonar's permit is for the wallet ${shortenAddress(wallet)}. Switch back to it.`;
}

/** Checks a permit in the contract's own order (sonar.md 4.5), so that it finds the same problem as the contract. */
export function checkPermit(permit: PurchasePermit, use: PermitUse): Checked<PurchasePermit, PermitUseProblem> {
  const { wallet } = permit;
  if (!sameHex(permit.saleUUID, use.saleUUID))
    return refused("wrong-sale", `Sonar's permit is for another sale. ${REPORT}`);
  if (permit.expiresAt <= use.now)
    return refused("permit-expired", "Sonar's permit has expired. Try again to get a new one.");
  if (!sameHex(wallet, use.wallet)) return refused("wrong-wallet", permitForWallet(wallet));
  if (!sameHex(permit.saleSpecificEntityID, use.entityID))
    return refused("wrong-entity", "Sonar's permit is for another entity. Try again to get the right one.");
  const open = checkWindow(permit, use.now);
  return open.ok ? passed(permit) : open;
}
