import { expect } from "vitest";
import {
  encodeDeployData,
  encodeFunctionData,
  erc20Abi,
  parseEventLogs,
  type Address,
  type ContractConstructorArgs,
  type EncodeFunctionDataParameters,
  type Hex,
  type RpcTransactionReceipt,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { saleSetup } from "@/sandbox/chain/deploy";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
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

/** A function of the sale with its arguments. */
type SaleFunction = Omit<EncodeFunctionDataParameters<typeof sandboxSaleAbi>, "abi">;

type Init = ContractConstructorArgs<typeof sandboxSaleAbi>[0];

/** The parts of a bench. */
interface SaleBenchParts {
  node: NodeClient;
  sale: Address;
  saleUUID: Hex;
  operator: Address;
  control: SaleControl;
  tokens: readonly Address[];
  permitToken: Address | undefined;
  code: Hex | undefined;
}

/** A deployed sale in the commitment stage, with the actions that the rules need. */
export class SaleBench {
  readonly node: NodeClient;
  readonly sale: Address;
  /** Has every operator role. */
  readonly operator: Address;
  readonly control: SaleControl;
  /** The payment tokens in the sale's order. */
  readonly tokens: readonly Address[];
  /** In a sale with one payment token, both are this one. */
  readonly first: Address;
  readonly second: Address;
  readonly saleUUID: Hex;
  /** The code that deploys such a sale; absent for a deployment that is not ours. */
  readonly code: Hex | undefined;
  private readonly withPermit: Address | undefined;

  constructor(parts: SaleBenchParts) {
    const [first, second = first] = parts.tokens;
    if (!first || !second) throw new Error("The sale has no payment token.");
    this.node = parts.node;
    this.sale = parts.sale;
    this.saleUUID = parts.saleUUID;
    this.operator = parts.operator;
    this.control = parts.control;
    this.tokens = parts.tokens;
    this.first = first;
    this.second = second;
    this.withPermit = parts.permitToken;
    this.code = parts.code;
  }

  get hasPermitToken(): boolean {
    return this.withPermit !== undefined;
  }

  /** The payment token with EIP-2612. */
  get permitToken(): Address {
    if (this.withPermit === undefined) throw new Error("No payment token has EIP-2612.");
    return this.withPermit;
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

  /** A call of the sale by `from`. */
  call(from: Address, call: SaleFunction): Call {
    return { from, to: this.sale, data: encodeFunctionData({ abi: sandboxSaleAbi, ...call }) };
  }

  /** Deploys a sale like this one, with the given differences. */
  deployment(change: Partial<Init>): Call {
    if (this.code === undefined) throw new Error("The code of this deployment is not known.");
    const roles = { operator: this.operator, permitSigner: permitSigner().address };
    const setup = { ...saleSetup({ saleUUID: this.saleUUID, paymentTokens: this.tokens, ...roles }), ...change };
    const data = encodeDeployData({ abi: sandboxSaleAbi, bytecode: this.code, args: [setup] });
    return { from: this.operator, data };
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

  /** An EIP-2612 permit for the sale, of the token that has it, valid for an hour unless a deadline is given. */
  async tokenPermit(owner: PrivateKeyAccount, value: bigint, deadline?: number): Promise<TokenPermit> {
    const until = BigInt(deadline ?? (await this.now()) + 3600);
    return signTokenPermit(this.node, { owner, token: this.permitToken, spender: this.sale, value, deadline: until });
  }

  /** Sets a wallet's allowance for the sale, through zero: mainnet's USDT needs that. */
  async approve(owner: Address, token: Address, amount: bigint): Promise<void> {
    for (const value of amount === 0n ? [0n] : [0n, amount]) {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [this.sale, value] });
      await send(this.node, { from: owner, to: token, data });
    }
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

  /** A wallet's accounts in each distinct token, in the sale's order. */
  accounts(wallet: Address) {
    return Promise.all(this.tokens.map((token) => this.account(wallet, token)));
  }

  /** The sum of `amounts` in each distinct token, in the sale's order: of two tokens that are the same, both count. */
  byToken(...amounts: readonly (readonly [token: Address, amount: bigint])[]): bigint[] {
    return this.tokens.map((token) => {
      return amounts.reduce((sum, [one, amount]) => (one === token ? sum + amount : sum), 0n);
    });
  }

  totalCommitted(): Promise<bigint> {
    return this.node.readContract({ ...this.contract, functionName: "totalCommittedAmount" });
  }

  /** A total in each payment token, in the sale's order. */
  async totals(
    functionName:
      | "totalCommittedAmountByToken"
      | "totalCancelledAmountByToken"
      | "totalAcceptedAmountByToken"
      | "totalRefundedAmountByToken"
      | "withdrawnAmountByToken",
  ): Promise<bigint[]> {
    const totals = await this.node.readContract({ ...this.contract, functionName });
    expect(totals.map(({ token }) => token)).toEqual(this.tokens);
    return totals.map(({ amount }) => amount);
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
