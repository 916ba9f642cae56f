import { encodeFunctionData, type Address, type Hex } from "viem";
import { saleAbi } from "@/lib/sale/abi";
import { readPermit } from "@/lib/sale/permit";
import { SANDBOX_SALE, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { chainControl } from "@/sandbox/chain/control";
import { nodeClient, send } from "@/sandbox/chain/node/node-client";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import { permitAt } from "@/tests/support/permit-at";
import { SaleLedger } from "@/tests/support/sale-ledger";

/** Commits USDC (smallest units) for an entity without asking Sonar: as it could while it was eligible. */
export async function commitFor(rpcUrl: string, entityId: Hex, wallet: Address, amount: bigint): Promise<void> {
  await (await SaleLedger.open(rpcUrl)).allow("usdc", wallet, amount);
  const wire = permitAt(await chainControl(rpcUrl).time(), entityId, wallet);
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
