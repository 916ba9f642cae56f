import "server-only";
import { required, type Outcome } from "@/lib/chain/outcome";
import { fail, success, type Result } from "@/lib/result";
import { readStage, type SaleStage } from "@/lib/sale/stage";

/** What a contract says of itself. */
export interface ContractIdentity {
  version: Outcome<readonly [major: number, minor: number, patch: number]>;
  stage: Outcome<number>;
  saleUUID: Outcome<`0x${string}`>;
}

/**
 * The stage, once the contract has shown that it is the configured sale's. The version comes first: other versions lack functions, and
 * their stage numbers mean something else. `sale/unsupported_contract` or `sale/wrong_contract`; throws what viem threw.
 */
export function checkContract(identity: ContractIdentity, saleUUID: string): Result<SaleStage> {
  const stage = readStage(required(identity.version), required(identity.stage));
  if (!stage.ok) return fail("sale/unsupported_contract");
  const isThisSale = required(identity.saleUUID).slice(2) === saleUUID.replaceAll("-", "").toLowerCase();
  return isThisSale ? success(stage.value) : fail("sale/wrong_contract");
}
