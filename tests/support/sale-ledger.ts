import { createPublicClient, encodeFunctionData, http, type Address, type Hex } from "viem";
import { saleAbi } from "@/lib/sale/abi";
import { tokenAbi } from "@/lib/sale/token-abi";
import { FUNDED_WALLETS, SANDBOX_SALE, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, send } from "@/sandbox/chain/node/node-client";

type Token = keyof typeof SANDBOX_TOKENS;

/** What the sandbox's chain itself says of the sale. Amounts in smallest units. */
export class SaleLedger {
  private readonly client;
  private readonly sentBefore = new Map<Address, number>();

  private constructor(private readonly rpcUrl: string) {
    this.client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 });
  }

  /** Opens it before anything is sent: what a buyer sent earlier, to be given tokens, is not counted. */
  static async open(rpcUrl: string): Promise<SaleLedger> {
    const ledger = new SaleLedger(rpcUrl);
    const counts = FUNDED_WALLETS.map(async (wallet) => ledger.sentBefore.set(wallet, await ledger.nonce(wallet)));
    await Promise.all(counts);
    return ledger;
  }

  balance(token: Token, owner: Address): Promise<bigint> {
    const address = SANDBOX_TOKENS[token];
    return this.client.readContract({ address, abi: tokenAbi, functionName: "balanceOf", args: [owner] });
  }

  /** What the sale holds of a token. */
  escrow(token: Token): Promise<bigint> {
    return this.balance(token, SANDBOX_SALE);
  }

  /** Transactions that a buyer has sent since the ledger was opened. */
  async sent(owner: Address): Promise<number> {
    return (await this.nonce(owner)) - (this.sentBefore.get(owner) ?? 0);
  }

  private nonce(address: Address): Promise<number> {
    return this.client.getTransactionCount({ address });
  }

  async bid(entityId: Hex): Promise<{ lockup: boolean; price: bigint; amount: bigint }> {
    const [state] = await this.client.readContract({
      address: SANDBOX_SALE,
      abi: saleAbi,
      functionName: "entityStatesByIDs",
      args: [[entityId]],
    });
    if (!state) throw new Error("the contract answered with no row");
    return state.currentBid;
  }

  /** Lets the sale take `amount` of a wallet's tokens, as an earlier visit could have. */
  async allow(token: Token, owner: Address, amount: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, amount] });
    await send(nodeClient(this.rpcUrl), { from: owner, to: SANDBOX_TOKENS[token], data });
  }
}
