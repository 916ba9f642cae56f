import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  encodeFunctionData,
  erc20Abi,
  http,
  type Address,
  type Hex,
} from "viem";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import type { Bid } from "@/lib/purchase/bid";
import type { SendEvent } from "@/lib/purchase/progress";
import type { PaymentToken } from "@/lib/sale/state";
import { commit } from "@/lib/wallet/transactions/commit";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import { readEntityBid } from "@/lib/wallet/transactions/read-chain";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import { startChain } from "@/sandbox/chain/start";
import type { PermitV3 } from "@/sandbox/echo/permits/permit";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import { permitAt } from "@/tests/support/purchase/sale-ledger";

/** The entity that the tests commit for. */
export const ENTITY: Hex = "0x11111111111111111111111111111111";

export const USDC: PaymentToken = {
  address: SANDBOX_TOKENS.usdc,
  symbol: "USDC",
  decimals: 6,
  permit: { name: "USD Coin", version: "2" },
};
export const USDT: PaymentToken = { address: SANDBOX_TOKENS.usdt, symbol: "USDT", decimals: 6 };

const NO_BID: Bid = { lockup: false, price: 0n, amount: 0n };

/** A wallet's own answer to a request, or undefined to pass it on to the node. */
export type WalletManners = (request: { method: string; params?: unknown }) => Promise<unknown> | undefined;

/** Changes to an order of 125.50 USDC by an entity without a commitment. */
export interface OrderChanges extends Partial<Omit<CommitOrder, "getPermit">> {
  /** The entity's bid as the user saw it. */
  shown?: Bid;
  permit?: Partial<PermitV3>;
  signature?: Hex;
}

/** A chain with the sale on it, and buyers whose wallets the node signs for. */
export class PurchaseBench {
  readonly control: ChainControl;
  readonly node: NodeClient;
  /** The number of permits requested. */
  permits = 0;
  /** While true, the pages cannot reach their node; wallets have their own. */
  isDown = false;
  /** The method that fails on the pages' node. */
  brokenMethod: string | undefined;
  /** Bodies of all requests to the pages' node. */
  readonly requests: string[] = [];
  private snapshot: Hex = "0x";

  private constructor(
    readonly rpcUrl: string,
    readonly close: () => Promise<void>,
  ) {
    this.control = chainControl(rpcUrl);
    this.node = nodeClient(rpcUrl);
  }

  static async open(): Promise<PurchaseBench> {
    const { rpcUrl, close } = await startChain({ port: 0 });
    return new PurchaseBench(rpcUrl, close);
  }

  /** Resets the chain for a test. */
  async begin(): Promise<void> {
    if (this.snapshot !== "0x") await this.node.request({ method: "evm_revert", params: [this.snapshot] });
    this.snapshot = await this.node.request({ method: "evm_snapshot" });
    this.permits = 0;
    this.isDown = false;
    this.brokenMethod = undefined;
    this.requests.length = 0;
  }

  /** The transaction context of one wallet. `manners` lets it refuse or answer in the node's place. */
  context(account: Address, manners: WalletManners = () => undefined): TransactionContext {
    const chain = this.chain();
    const wallet = custom({
      request: (request: { method: string; params?: unknown }) =>
        manners(request) ?? this.ask(request.method, request.params),
    });
    const fetchFn: typeof fetch = (input, init) => {
      const body = String(init?.body);
      this.requests.push(body);
      const fails = this.isDown || (this.brokenMethod !== undefined && body.includes(this.brokenMethod));
      return fails ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init);
    };
    const transport = http(this.rpcUrl, { fetchFn, retryDelay: 10 });
    const publicClient = createPublicClient({ chain, transport, pollingInterval: 50, cacheTime: 0 });
    return {
      publicClient,
      walletClient: createWalletClient({ chain, transport: wallet }),
      chain,
      contract: SANDBOX_SALE,
      account,
    };
  }

  /** An order, with a signed permit for `wallet` when it is asked for. */
  order(wallet: Address, changes: OrderChanges = {}): CommitOrder {
    const { permit, signature, shown = NO_BID, ...rest } = changes;
    const increment = changes.increment ?? 125_500_000n;
    return {
      entityId: ENTITY,
      saleUUID: SANDBOX_SALE_UUID,
      token: USDC,
      paymentDecimals: 6,
      increment,
      wantsLockup: false,
      expected: { ...shown, amount: shown.amount + increment },
      getPermit: async () => {
        this.permits += 1;
        const entityId = changes.entityId ?? ENTITY;
        const wire = { ...permitAt(await this.control.time(), entityId, wallet), ...permit };
        const exact = { ...wire, MinPrice: Number(wire.MinPrice), MaxPrice: Number(wire.MaxPrice) };
        return { PermitJSON: exact, Signature: signature ?? (await signPermit(wire)) };
      },
      ...rest,
    };
  }

  /** Sets the sale's allowance of a wallet's tokens. */
  async approve(wallet: Address, token: Address, amount: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, amount] });
    await send(this.node, { from: wallet, to: token, data });
  }

  /** Makes a token burn all gas instead of giving a reason, as an `assert` of old Solidity does. */
  async muteRefusals(token: Address): Promise<void> {
    const original = "0x00000000000000000000000000000000000000aa";
    await this.ask("anvil_setCode", [original, await this.ask("eth_getCode", [token, "latest"])]);
    // The minimal proxy of ERC-1167, with INVALID in place of the REVERT that passes the reason on.
    const proxy = `0x363d3d373d3d3d363d73${original.slice(2)}5af43d82803e903d91602b57fe5bf3`;
    await this.ask("anvil_setCode", [token, proxy]);
  }

  /** Makes a token refuse every transfer without data, by a rule of its own that no function tells of. */
  async refuseTransfers(token: Address): Promise<void> {
    await this.refuseCalls(token, ["a9059cbb", "23b872dd"]);
  }

  /** Makes a contract refuse the calls of two selectors: without data, or with an error of four bytes that nobody knows. */
  async refuseCalls(contract: Address, [one, other]: readonly [string, string], error?: string): Promise<void> {
    const original = "0x00000000000000000000000000000000000000bb";
    await this.ask("anvil_setCode", [original, await this.ask("eth_getCode", [contract, "latest"])]);
    // The selectors lead to the revert (at 0x45); any other call is delegated.
    const refusing = `5f3560e01c8063${one}14604557` + `63${other}14604557`;
    const delegating = `365f5f375f5f365f73${original.slice(2)}5af43d5f5f3e6041573d5ffd5b3d5ff3`;
    const revert = error === undefined ? "5f5ffd" : `63${error}5f526004601cfd`;
    await this.ask("anvil_setCode", [contract, `0x${refusing}${delegating}5b${revert}`]);
  }

  /** Takes all of a token from the sale's contract, as its operator's recovery of tokens can. */
  async emptyOf(token: Address): Promise<void> {
    await this.ask("anvil_impersonateAccount", [SANDBOX_SALE]);
    await this.ask("anvil_setBalance", [SANDBOX_SALE, "0xde0b6b3a7640000"]);
    const held = await this.node.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [SANDBOX_SALE],
    });
    const args = ["0x00000000000000000000000000000000000000dd", held] as const;
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args });
    await send(this.node, { from: SANDBOX_SALE, to: token, data });
  }

  private chain() {
    return defineChain({
      id: SANDBOX_DEFAULT_CHAIN_ID,
      name: "Sandbox",
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [this.rpcUrl] } },
    });
  }

  /** Calls the node without viem, for requests that a wallet passes on and methods that viem does not know. */
  async ask(method: string, params?: unknown): Promise<unknown> {
    const response = await fetch(this.rpcUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const answer: { result?: unknown; error?: { code: number; message: string } } = await response.json();
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  }
}

/** Collects the events of a flow. `onSend` is called when everything is checked and the wallet is about to be asked. */
export function reports(onSend: () => void = () => undefined) {
  const events: SendEvent[] = [];
  return {
    events,
    report: (event: SendEvent) => {
      events.push(event);
      if (event.type === "began" && event.id === "send") onSend();
    },
    began: () => events.flatMap((event) => (event.type === "began" ? [event.id] : [])),
    sent: () => events.flatMap((event) => (event.type === "sent" && event.nonce === undefined ? [event.id] : [])),
  };
}

/** Two wallets of the entity commit this much each, and may take it back. */
export async function commitByTwo(
  bench: PurchaseBench,
  [first, second]: [Address, Address],
  increment: bigint,
): Promise<void> {
  await commit(bench.context(first), bench.order(first, { increment }), reports());
  const shown = (await readEntityBid(bench.context(second), ENTITY)).bid;
  await commit(bench.context(second), bench.order(second, { shown, increment }), reports());
  await bench.control.sale.setStage("Cancellation");
  await bench.control.sale.setReduceCommitmentEnabled(true);
}
