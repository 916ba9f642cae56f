import type { SonarClient } from "@echoxyz/sonar-core";
import { encodeFunctionData, erc20Abi, type Address, type Hex } from "viem";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { readPermit } from "@/lib/purchase/permit";
import { saleAbi } from "@/lib/sale/abi";
import type { SaleChain } from "@/lib/sale/state";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import type { RunningChain } from "@/sandbox/chain/start";
import { connectedClient } from "@/tests/support/sandbox/sandbox-user";

/** A commitment by a buyer. */
export interface Commitment {
  wallet: Address;
  /** The entity's new total, in smallest units. */
  amount: bigint;
  token?: keyof typeof SANDBOX_TOKENS;
  /** In ticks; absent: the lowest that the permit allows. */
  price?: bigint;
}

/** A persona of the sandbox with wallets on its chain, which the node signs for. */
export class SandboxBuyer {
  private constructor(
    private readonly node: NodeClient,
    readonly client: SonarClient,
    readonly entityID: string,
  ) {}

  /** Connects as a persona; it buys as the first entity that is listed. */
  static async connect(sandbox: { origin: string; rpcUrl: string }, persona: string): Promise<SandboxBuyer> {
    const client = await connectedClient(sandbox.origin, persona);
    const { Entities } = await client.listAvailableEntities({ saleUUID: SANDBOX_SALE_UUID });
    return new SandboxBuyer(nodeClient(sandbox.rpcUrl), client, Entities[0]?.EntityID ?? "");
  }

  /** Asks Echo for its check before a purchase with this wallet. */
  check(walletAddress: Address) {
    return this.client.prePurchaseCheck({ saleUUID: SANDBOX_SALE_UUID, entityID: this.entityID, walletAddress });
  }

  /** Asks Echo for a permit. */
  askPermit(walletAddress: Address) {
    const { entityID } = this;
    return this.client.generatePurchasePermit({ saleUUID: SANDBOX_SALE_UUID, entityID, walletAddress });
  }

  /** Approves and bids. Rejects with viem's error when token or sale refuses. */
  async commit({ wallet, amount, token = "usdc", price }: Commitment): Promise<void> {
    const data = bidData(SANDBOX_TOKENS[token], await this.askPermit(wallet), { amount, price });
    await this.approve(wallet, SANDBOX_TOKENS[token], amount);
    await send(this.node, { from: wallet, to: SANDBOX_SALE, data });
  }

  /** Cancels the whole entity's commitment. */
  async cancel(wallet: Address): Promise<void> {
    const data = encodeFunctionData({ abi: saleAbi, functionName: "cancelBid" });
    await send(this.node, { from: wallet, to: SANDBOX_SALE, data });
  }

  /** Claims the refund of the whole entity. */
  async claimRefund(wallet: Address): Promise<void> {
    const data = encodeFunctionData({ abi: saleAbi, functionName: "claimRefund" });
    await send(this.node, { from: wallet, to: SANDBOX_SALE, data });
  }

  private async approve(wallet: Address, token: Address, amount: bigint): Promise<void> {
    for (const allowance of [0n, amount]) {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, allowance] });
      await send(this.node, { from: wallet, to: token, data });
    }
  }
}

/** A permit as Echo answers it. */
export interface AnsweredPermit {
  PermitJSON: Parameters<typeof readPermit>[0];
  Signature: Hex;
}

/** The call data of a bid under a permit: at the lowest price that the permit allows, unless another one is given. */
export function bidData(
  token: Address,
  { PermitJSON, Signature }: AnsweredPermit,
  { amount, price }: { amount: bigint; price?: bigint | undefined },
): Hex {
  const read = readPermit(PermitJSON);
  if (!read.ok) throw new Error(read.problem.sentence);
  const { permit, forcedLockup } = read.value;
  const bid = { lockup: forcedLockup, price: price ?? permit.minPrice, amount };
  const args = [token, bid, permit, Signature] as const;
  return encodeFunctionData({ abi: saleAbi, functionName: "replaceBidWithApproval", args });
}

/** The sandbox's chain as the app describes it to browsers. */
export function sandboxSaleChain({ rpcUrl, chainId, saleAddress }: RunningChain): SaleChain {
  return {
    chainId,
    chainName: "Sandbox",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    contract: saleAddress,
    rpcUrls: [rpcUrl],
    sandboxWallet: true,
  };
}
