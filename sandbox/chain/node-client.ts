import { setTimeout as sleep } from "node:timers/promises";
import { createPublicClient, http, rpcSchema } from "viem";
import type { Address, Hex, RpcTransactionReceipt } from "viem";

/** A transaction from an account that the node has the key of or may impersonate. */
interface SentTransaction {
  from: Address;
  /** Absent: `data` deploys a contract. */
  to?: Address;
  data: Hex;
  gas?: Hex;
}

/** The methods of a development node beyond the standard ones. Times are in Unix seconds. */
type DevelopmentMethods = [
  { Method: "eth_sendTransaction"; Parameters: [SentTransaction]; ReturnType: Hex },
  { Method: "eth_accounts"; Parameters?: undefined; ReturnType: readonly Address[] },
  { Method: "evm_mine"; Parameters?: undefined; ReturnType: Hex },
  { Method: "evm_snapshot"; Parameters?: undefined; ReturnType: Hex },
  { Method: "evm_revert"; Parameters: [snapshot: Hex]; ReturnType: boolean },
  { Method: "evm_increaseTime"; Parameters: [seconds: number]; ReturnType: number },
  { Method: "evm_setNextBlockTimestamp"; Parameters: [time: number]; ReturnType: null },
  { Method: "anvil_setTime"; Parameters: [time: number]; ReturnType: number },
  { Method: "anvil_reset"; Parameters?: undefined; ReturnType: null },
  { Method: "anvil_setNonce"; Parameters: [account: Address, nonce: Hex]; ReturnType: null },
  { Method: "anvil_setBalance"; Parameters: [account: Address, wei: Hex]; ReturnType: null },
  { Method: "anvil_autoImpersonateAccount"; Parameters: [on: boolean]; ReturnType: null },
  { Method: "anvil_impersonateAccount"; Parameters: [account: Address]; ReturnType: null },
  { Method: "anvil_stopImpersonatingAccount"; Parameters: [account: Address]; ReturnType: null },
  { Method: "anvil_dropAllTransactions"; Parameters?: undefined; ReturnType: null },
  { Method: "hardhat_reset"; Parameters?: undefined; ReturnType: boolean | null },
  { Method: "hardhat_setBalance"; Parameters: [account: Address, wei: Hex]; ReturnType: boolean | null },
  { Method: "hardhat_setCode"; Parameters: [account: Address, code: Hex]; ReturnType: boolean | null },
  { Method: "anvil_dealERC20"; Parameters: [wallet: Address, token: Address, amount: Hex]; ReturnType: null },
];

/** A client for a development node. */
export type NodeClient = ReturnType<typeof nodeClient>;

/** A client for the development node at `rpcUrl`. Its calls reject with viem's errors. */
export function nodeClient(rpcUrl: string) {
  return createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }), rpcSchema: rpcSchema<DevelopmentMethods>() });
}

/**
 * More than any call here needs, and less than a transaction may have (EIP-7825). The node's own estimate can be too low: a bid in the same
 * second as the previous one writes no new time, but the second may be over when it is mined.
 */
const GAS: Hex = "0xf42400";

const POLL_MS = 4;

/** The polls for a transaction's receipt before it counts as not mined: at least 20 seconds. */
const POLLS = 5_000;

/** `eth_sendTransactionSync` is no alternative: the node sometimes misses the block that it waits for and then never answers. */
async function untilMined(node: NodeClient, hash: Hex, polls: number): Promise<RpcTransactionReceipt> {
  for (let poll = 0; poll < polls; poll++) {
    const receipt = await node.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (receipt) return receipt;
    await sleep(POLL_MS);
  }
  throw new Error("The transaction was not mined.");
}

/** Sends a transaction and waits until it is mined. If it reverts, throws viem's error with the reason. */
export async function send(
  node: NodeClient,
  transaction: SentTransaction,
  polls = POLLS,
): Promise<RpcTransactionReceipt> {
  const hash = await node.request({ method: "eth_sendTransaction", params: [{ ...transaction, gas: GAS }] });
  const receipt = await untilMined(node, hash, polls);
  if (receipt.status === "0x1") return receipt;
  await node.request({ method: "eth_call", params: [transaction, "latest"] });
  throw new Error("The transaction reverted, but would succeed one block later.");
}

/** The latest block's time in Unix seconds, which the contracts used last. */
export async function latestBlockTime(node: NodeClient): Promise<number> {
  return Number((await node.getBlock()).timestamp);
}
