import { encodeFunctionData, erc20Abi, type Address, type Hex } from "viem";
import { SANDBOX_SALE, SANDBOX_SALE_UUID, type SandboxToken } from "../../lib/config/sandbox";
import { sandboxSaleAbi } from "../chain/artifacts/sandbox-sale-abi";
import { SANDBOX_TOKENS } from "../chain/chain-facts";
import { latestBlockTime, nodeClient, send } from "../chain/node-client";
import type { Echo } from "../echo/echo";
import { buildPermit, type PermitV3 } from "../echo/permits/permit";
import { permitStruct, signPermit } from "../echo/permits/sign-permit";
import { accountOf } from "../echo/personas/accounts";
import { findPersona } from "../echo/personas/all-personas";
import { ApiError } from "../http/answer";

/** A bid that a scenario places on the chain, as the persona itself could have. */
export interface ScenarioBid {
  /** The persona's id; it bids as its first entity, from its own account. */
  persona: string;
  /** The entity's new total, in whole payment tokens. */
  amount: number;
  /** Absent: the first token of the sale. */
  token?: SandboxToken;
  /** In steps; absent: the lowest that the permit allows. */
  price?: number;
}

function requireBidder(id: string) {
  const persona = findPersona(id);
  const [entity] = persona?.entities ?? [];
  const wallet = persona && accountOf(persona);
  if (!entity || !wallet) throw new ApiError("internal", `the scenario's persona ${id} cannot bid`);
  return { entity, wallet };
}

/** Approves the sale's use of a token, then bids under a permit that Echo would give. Rejects with viem's error if the sale refuses. */
export async function placeBid(echo: Echo, rpcUrl: string, bid: ScenarioBid): Promise<void> {
  const node = nodeClient(rpcUrl);
  const { entity, wallet } = requireBidder(bid.persona);
  const { anchor } = echo;
  const permit = buildPermit({
    entity,
    wallet,
    saleUuid: SANDBOX_SALE_UUID,
    now: await latestBlockTime(node),
    anchor: anchor.time,
    kind: anchor.kind,
  });
  if (!("OpensAt" in permit)) throw new ApiError("internal", `the permit of ${bid.persona} has an older form`);
  const token = bid.token === undefined ? echo.paymentToken : SANDBOX_TOKENS[bid.token];
  const amount = BigInt(bid.amount) * 1_000_000n;
  const approval = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, amount] });
  await send(node, { from: wallet, to: token, data: approval });
  const data = bidCall(token, permit, await signPermit(permit), { amount, price: bid.price });
  await send(node, { from: wallet, to: SANDBOX_SALE, data });
}

function bidCall(
  token: Address,
  permit: PermitV3,
  signature: Hex,
  { amount, price }: { amount: bigint; price: number | undefined },
): Hex {
  const lockup = BigInt(permit.Payload) !== 0n;
  const bid = { lockup, price: BigInt(price ?? permit.MinPrice), amount };
  return encodeFunctionData({
    abi: sandboxSaleAbi,
    functionName: "replaceBidWithApproval",
    args: [token, bid, permitStruct(permit), signature],
  });
}
