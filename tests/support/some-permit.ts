import type { BasicPermitV3 } from "@echoxyz/sonar-core";
import { readPermit, type PurchasePermit } from "@/lib/sale/permit";

/** The permit of the test vector of sonar.md 4.4, as Echo's API would send it, with what a test is about. */
export function somePermit(changes: Partial<BasicPermitV3> = {}): BasicPermitV3 {
  return {
    SaleSpecificEntityID: "0x11111111111111111111111111111111",
    SaleUUID: "0x1234567890abcdef1234567890abcdef",
    Wallet: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    ExpiresAt: 4_102_444_800,
    MinAmount: "1000000",
    MaxAmount: "5000000000",
    MinPrice: 0,
    MaxPrice: 0,
    OpensAt: 0,
    ClosesAt: 4_102_444_800,
    Payload: `0x${"0".repeat(64)}`,
    ...changes,
  };
}

/** The same for the contract. */
export function someReadPermit(changes: Partial<BasicPermitV3> = {}): PurchasePermit {
  const read = readPermit(somePermit(changes));
  if (!read.ok) throw new Error(read.problem.sentence);
  return read.value.permit;
}
