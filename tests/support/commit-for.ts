import { encodeFunctionData, type Address, type Hex } from "viem";
import { saleAbi } from "@/lib/sale/abi";
import { readPermit } from "@/lib/sale/permit";
import { SANDBOX_SALE, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { chainControl } from "@/sandbox/chain/control";
import { nodeClient, send } from "@/sandbox/chain/node/node-client";
import { SANDBOX_SALE_UUID } from "@/sandbox/constants";
import { encodePayload } from "@/sandbox/echo/permits/build-permit";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import { SaleLedger } from "@/tests/support/sale-ledger";

async function permitFor(rpcUrl: string, entityId: Hex, wallet: Address) {
  const now = await chainControl(rpcUrl).time();
  return {
    SaleSpecificEntityID: entityId,
    SaleUUID: `0x${SANDBOX_SALE_UUID.replaceAll("-", "")}`,
    Wallet: wallet,
    ExpiresAt: now + 600,
    MinAmount: "1",
    MaxAmount: "5000000000",
    MinPrice: 0,
    MaxPrice: 0,
    OpensAt: now - 3_600,
    ClosesAt: now + 3_600,
    Payload: encodePayload(false),
  } as const;
}

/** Commits USDC (smallest units) for an entity without asking Sonar: as it could while it was eligible. */
export async function commitFor(rpcUrl: string, entityId: Hex, wallet: Address, amount: bigint): Promise<void> {
  await (await SaleLedger.open(rpcUrl)).allow("usdc", wallet, amount);
  const wire = await permitFor(rpcUrl, entityId, wallet);
  const read = readPermit(wire);
  if (!read.ok) throw new Error(read.problem.sentence);
  const bid = { lockup: false, price: 0n, amount };
  const data = encodeFunctionData({
    abi: saleAbi,
    functionName: "replaceBidWithApproval",
    args: [SANDBOX_TOKENS.usdc, bid, read.value.permit, await signPermit(wire)],
  });
  await send(nodeClient(rpcUrl), { from: wallet, to: SANDBOX_SALE, data });
}
