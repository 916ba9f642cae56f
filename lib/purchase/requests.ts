import type { Address } from "viem";
import { needsApproval, type Funding } from "@/lib/purchase/funding";
import { shortenAddress } from "@/lib/sale/hex";
import { formatTokenAmount } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

/** A request to the wallet, in words. Its `id` is that of the sending step that asks. */
export interface WalletRequest {
  id: "reset-allowance" | "approve" | "sign" | "send";
  title: string;
  /** What it allows or does: who may take how much, and until when. */
  meaning: string;
  cost: string;
  /** The contract that the wallet will name. */
  contract: Address;
  /** The gas that it takes, roughly; 0 for a signature. */
  gas: bigint;
}

/** The order that the requests are for. */
export interface RequestsInput {
  /** The sale's contract. */
  contract: Address;
  token: PaymentToken;
  /** The amount that the sale takes from this wallet, in smallest units; 0 if only the price or the lockup changes. */
  increment: bigint;
  /** The entity's new total as text, e.g. "250 USDC". */
  totalText: string;
  entityName: string;
  funding: Funding;
  /** True if the entity has committed before: a first bid writes more to the chain. */
  hasCommitted: boolean;
  /** The signature's expiry as text, e.g. "18:40 UTC", once the permit for sending is known. */
  signedUntil?: string;
}

/** Measured on the published contract with USDC and USDT, rounded up (sonar.md 4.7). */
const GAS = { reset: 40_000n, approve: 60_000n, firstBid: 390_000n, laterBid: 110_000n };

const FEE = "Costs a network fee.";

function approvals({ contract, token, increment, funding }: RequestsInput): WalletRequest[] {
  if (!needsApproval(funding)) return [];
  const of = { cost: FEE, contract: token.address };
  const amount = formatTokenAmount(increment, token);
  const approve: WalletRequest = {
    ...of,
    id: "approve",
    title: `Approve ${amount}`,
    meaning: `It lets the sale contract ${shortenAddress(contract)} take ${amount} and no more. An approval does not expire; your commitment uses it up.`,
    gas: GAS.approve,
  };
  if (funding === "approval") return [approve];
  const why =
    funding === "reset"
      ? "With an approval left, it could take something if your entity's commitment is lowered meanwhile."
      : `${token.symbol} requires this before a new approval.`;
  const reset: WalletRequest = {
    ...of,
    id: "reset-allowance",
    title: `Reset your earlier ${token.symbol} approval`,
    meaning: `It sets what the sale contract ${shortenAddress(contract)} may take to zero. ${why}`,
    gas: GAS.reset,
  };
  return funding === "reset" ? [reset] : [reset, approve];
}

function signature({ contract, token, increment, funding, signedUntil }: RequestsInput): WalletRequest[] {
  if (funding !== "signature") return [];
  const until = signedUntil === undefined ? "for at most 30 minutes" : `until ${signedUntil}`;
  const amount = formatTokenAmount(increment, token);
  return [
    {
      id: "sign",
      title: `Sign the ${token.symbol} permission`,
      meaning: `It lets the sale contract ${shortenAddress(contract)} take ${amount} and no more, ${until}.`,
      cost: "Costs nothing.",
      contract: token.address,
      gas: 0n,
    },
  ];
}

function transaction({ contract, token, increment, totalText, entityName, hasCommitted }: RequestsInput) {
  const paid =
    increment > 0n
      ? `It commits ${formatTokenAmount(increment, token)} for ${entityName}, whose total becomes ${totalText}.`
      : `It changes the terms of ${entityName}'s commitment of ${totalText} and takes nothing.`;
  return {
    id: "send",
    title: "Confirm the transaction",
    meaning: `${paid} You cannot lower or withdraw a commitment while the sale is open.`,
    cost: FEE,
    contract,
    gas: hasCommitted ? GAS.laterBid : GAS.firstBid,
  } as const satisfies WalletRequest;
}

/** The requests that the wallet will get for an order, in their order. */
export function walletRequests(input: RequestsInput): WalletRequest[] {
  return [...approvals(input), ...signature(input), transaction(input)];
}

/** A title with its place in the list, e.g. "1 of 2: Sign the USDC permission". */
export function requestTitle(requests: readonly WalletRequest[], index: number): string {
  return `${index + 1} of ${requests.length}: ${requests[index]?.title ?? ""}`;
}

/** The network fee of all requests at a price of gas, in the coin's smallest units. It is an estimate: say "about". */
export function requestsFee(requests: readonly WalletRequest[], gasPrice: bigint): bigint {
  return requests.reduce((sum, { gas }) => sum + gas, 0n) * gasPrice;
}
