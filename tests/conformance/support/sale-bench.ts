import { expect } from "vitest";
import { encodeFunctionData, erc20Abi, parseEventLogs, type Address, type Hex, type RpcTransactionReceipt } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { latestBlockTime, send, type NodeClient } from "@/sandbox/chain/node-client";
import type { SaleControl } from "@/sandbox/chain/sale-control";
import {
  bidCall,
  wantedPermit,
  signTokenPermit,
  type BidOptions,
  type SaleNow,
  type TokenPermit,
} from "@/tests/conformance/support/bid-call";
import type { PermitV3 } from "@/sandbox/echo/permits/permit";
import { ALICE, ENTITY } from "@/tests/conformance/support/people";
import { ACCEPTED, revertOf, type Call, type Revert } from "@/tests/conformance/support/revert";

/** 100 of a token with 6 decimals. */
const USUAL_AMOUNT = 100_000_000n;

/** The buyers' functions besides the bids. */
type ReturnFunction =
  | { functionName: "cancelBid" | "claimRefund" }
  | { functionName: "reduceCommitment"; args: [readonly { wallet: Address; token: Address; amount: bigint }[]] };

/** The parts of a bench. */
interface SaleBenchParts {
  node: NodeClient;
  sale: Address;
  saleUUID: Hex;
  control: SaleControl;
  tokens: { first: Address; second: Address };
}

/** A deployed sale in the commitment stage, with the actions that the rules need. */
export class SaleBench {
  readonly node: NodeClient;
  readonly sale: Address;
  readonly control: SaleControl;
  /** Payment tokens; `first` has EIP-2612. */
  readonly first: Address;
  readonly second: Address;
  readonly saleUUID: Hex;

  constructor({ node, sale, saleUUID, control, tokens }: SaleBenchParts) {
    this.node = node;
    this.sale = sale;
    this.saleUUID = saleUUID;
    this.control = control;
    this.first = tokens.first;
    this.second = tokens.second;
  }

  /** The latest block's time, in Unix seconds. */
  now(): Promise<number> {
    return latestBlockTime(this.node);
  }

  /** A bid of 100 of the first token by Alice, with the given differences. */
  async bid(options: Partial<BidOptions> = {}, tokenPermit?: TokenPermit): Promise<Call> {
    return bidCall(await this.saleNow(), this.usual(options), tokenPermit);
  }

  /** The permit of such a bid. */
  async permit(options: Partial<BidOptions> = {}): Promise<PermitV3> {
    return wantedPermit(await this.saleNow(), this.usual(options));
  }

  /** A call of one of the refund functions by `from`. */
  refundCall(from: Address, call: ReturnFunction): Call {
    return { from, to: this.sale, data: encodeFunctionData({ abi: sandboxSaleAbi, ...call }) };
  }

  /** The sale's answer to a call that is not sent. */
  async revert(call: Call | Promise<Call>): Promise<Revert> {
    return revertOf(this.node, await call);
  }

  /** Sends a call that the sale must accept. */
  async accepted(call: Call | Promise<Call>): Promise<RpcTransactionReceipt> {
    const sent = await call;
    expect(await this.revert(sent)).toEqual(ACCEPTED);
    return send(this.node, sent);
  }

  /** An EIP-2612 permit of the first token for the sale, valid for an hour unless a deadline is given. */
  async tokenPermit(owner: PrivateKeyAccount, value: bigint, deadline?: number): Promise<TokenPermit> {
    const until = BigInt(deadline ?? (await this.now()) + 3600);
    return signTokenPermit(this.node, { owner, token: this.first, spender: this.sale, value, deadline: until });
  }

  /** Sets a wallet's allowance for the sale. */
  async approve(owner: Address, token: Address, amount: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [this.sale, amount] });
    await send(this.node, { from: owner, to: token, data });
  }

  balance(token: Address, owner: Address): Promise<bigint> {
    return this.node.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
  }

  /** The entity's row of `entityStatesByIDs`. */
  async entity(id: Hex) {
    const args = [[id]] as const;
    const [state] = await this.node.readContract({ ...this.contract, functionName: "entityStatesByIDs", args });
    if (!state) throw new Error("entityStatesByIDs gave no row.");
    return state;
  }

  /** A wallet's committed, cancelled and accepted amounts in one token. */
  async account(wallet: Address, token: Address) {
    const args = [[wallet]] as const;
    const [state] = await this.node.readContract({ ...this.contract, functionName: "walletStatesByAddresses", args });
    const of = (amounts: readonly { token: Address; amount: bigint }[] = []) =>
      amounts.find((amount) => amount.token === token)?.amount ?? 0n;
    return {
      committed: of(state?.committedAmountByToken),
      cancelled: of(state?.cancelledAmountByToken),
      accepted: of(state?.acceptedAmountByToken),
    };
  }

  totalCommitted(): Promise<bigint> {
    return this.node.readContract({ ...this.contract, functionName: "totalCommittedAmount" });
  }

  totalAccepted(): Promise<bigint> {
    return this.node.readContract({ ...this.contract, functionName: "totalAcceptedAmount" });
  }

  /** A call that reads the states of wallets. */
  walletStates(wallets: readonly Address[]): Call {
    const data = encodeFunctionData({ abi: sandboxSaleAbi, functionName: "walletStatesByAddresses", args: [wallets] });
    return { from: ALICE.address, to: this.sale, data };
  }

  get contract() {
    return { address: this.sale, abi: sandboxSaleAbi } as const;
  }

  /** The sale's events in a transaction. */
  events({ logs }: RpcTransactionReceipt) {
    const own = logs.filter(({ address }) => address.toLowerCase() === this.sale.toLowerCase());
    return parseEventLogs({ abi: sandboxSaleAbi, logs: own });
  }

  private usual(options: Partial<BidOptions>): BidOptions {
    return { by: ALICE.address, entity: ENTITY, token: this.first, amount: USUAL_AMOUNT, ...options };
  }

  private async saleNow(): Promise<SaleNow> {
    return { sale: this.sale, saleUUID: this.saleUUID, now: await this.now() };
  }
}
