import type { Address, Hex } from "viem";
import { SANDBOX_SALE_UUID } from "@/sandbox/constants";
import { encodePayload } from "@/sandbox/echo/permits/build-permit";
import type { PermitV3 } from "@/sandbox/echo/permits/permit";

/** A permit of the sandbox's sale that is good from an hour before `now` (Unix seconds) to ten minutes after it: 1 to 5,000 tokens of 6 decimals. */
export function permitAt(
  now: number,
  entityId: Hex,
  wallet: Address,
): PermitV3 & { MinPrice: number; MaxPrice: number } {
  return {
    SaleSpecificEntityID: entityId,
    SaleUUID: `0x${SANDBOX_SALE_UUID.replaceAll("-", "")}`,
    Wallet: wallet,
    ExpiresAt: now + 600,
    MinAmount: "1000000",
    MaxAmount: "5000000000",
    MinPrice: 0,
    MaxPrice: 0,
    OpensAt: now - 3_600,
    ClosesAt: now + 3_600,
    Payload: encodePayload(false),
  };
}
