import {
  decodeFunctionData,
  getAbiItem,
  hexToBigInt,
  isAddressEqual,
  multicall3Abi,
  numberToHex,
  parseTransaction,
  recoverTransactionAddress,
  toFunctionSelector,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { SANDBOX_SALE } from "../../lib/config/sandbox";
import { sandboxSaleAbi } from "../chain/artifacts/sandbox-sale-abi";
import { sandboxUsdcAbi } from "../chain/artifacts/sandbox-usdc-abi";
import { MULTICALL, OPERATOR, SANDBOX_TOKENS } from "../chain/chain-facts";
import { isJsonObject, type JsonObject } from "../http/request";

/** A JSON-RPC request that may reach the node: made anew from checked parts, so that nothing else goes along. */
export interface AllowedCall {
  id: string | number;
  method: string;
  params: readonly unknown[];
}

/** The check of a request's parameters: those to pass on, or undefined for any others. */
type Check = (params: readonly unknown[]) => readonly unknown[] | undefined;

const CONTRACTS: readonly string[] = [SANDBOX_SALE, ...Object.values(SANDBOX_TOKENS)].map((one) => one.toLowerCase());

const LONGEST_CALLDATA = 8_192;

function isHex(value: unknown, mostDigits: number): value is Hex {
  return typeof value === "string" && value.length <= mostDigits + 2 && /^0x[0-9a-fA-F]*$/.test(value);
}

function isQuantity(value: unknown): value is Hex {
  return isHex(value, 64) && value !== "0x";
}

function isAddress(value: unknown): value is Address {
  return typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value);
}

function isBlock(value: unknown): boolean {
  return value === "latest" || value === "pending" || isHex(value, 16);
}

function blockOf(value: unknown): unknown {
  return value === undefined ? "latest" : value;
}

const nothing: Check = () => [];

const atBlock: Check = ([address, given]) => {
  const block = blockOf(given);
  return isAddress(address) && isBlock(block) ? [address, block] : undefined;
};

const byHash: Check = ([hash]) => {
  return typeof hash === "string" && /^0x[0-9a-fA-F]{64}$/.test(hash) ? [hash] : undefined;
};

const block: Check = ([number, full]) => (isBlock(number) ? [number, full === true] : undefined);

/** The functions of Multicall3 that read a fact of the chain. */
const CHAIN_FACTS = multicall3Abi.filter(({ name }) => name !== "aggregate3").map((item) => toFunctionSelector(item));

/** True for a batch that only asks the sale's contracts, and Multicall3 itself for facts of the chain. */
function isBatchOfReads(data: Hex): boolean {
  try {
    const { functionName, args } = decodeFunctionData({ abi: multicall3Abi, data });
    if (functionName !== "aggregate3") return CHAIN_FACTS.some((selector) => data.startsWith(selector));
    return args[0].every(({ target, callData }) =>
      isAddressEqual(target, MULTICALL)
        ? CHAIN_FACTS.some((selector) => callData.startsWith(selector))
        : CONTRACTS.includes(target.toLowerCase()),
    );
  } catch {
    return false;
  }
}

function isRead(to: Address, data: Hex): boolean {
  return CONTRACTS.includes(to.toLowerCase()) || (isAddressEqual(to, MULTICALL) && isBatchOfReads(data));
}

/**
 * A call of one of the sale's contracts, or several in a batch, without the parameter that overrides the state: a call to any other place
 * could run any code, and keep the node busy.
 */
const contractCall: Check = ([given, at]) => {
  if (!isJsonObject(given)) return undefined;
  const { to, from, value, gas } = given;
  const data = given["data"] ?? given["input"];
  if (!isAddress(to) || !isHex(data, LONGEST_CALLDATA) || !isRead(to, data)) return undefined;
  if (from !== undefined && !isAddress(from)) return undefined;
  if (![value, gas].every((number) => number === undefined || isQuantity(number))) return undefined;
  const block = blockOf(at);
  return isBlock(block) ? [{ to, data, from, value, gas: limitedGas(gas) }, block] : undefined;
};

/** Many times the gas of a commitment. By itself, the node would spend ten times as much on a call that loops. */
const MOST_GAS = 3_000_000n;

function limitedGas(gas: unknown): Hex {
  const wanted = isQuantity(gas) ? hexToBigInt(gas) : MOST_GAS;
  return numberToHex(wanted < MOST_GAS ? wanted : MOST_GAS);
}

const rawTransaction: Check = ([raw]) => (isHex(raw, LONGEST_CALLDATA) ? [raw] : undefined);

/** Everything that a page of this app asks of a node. A method that is not in this list does not exist in the demo. */
const METHODS: ReadonlyMap<string, Check> = new Map([
  ["eth_chainId", nothing],
  ["net_version", nothing],
  ["eth_blockNumber", nothing],
  ["eth_gasPrice", nothing],
  ["eth_maxPriorityFeePerGas", nothing],
  ["eth_getBalance", atBlock],
  ["eth_getCode", atBlock],
  ["eth_getTransactionCount", atBlock],
  ["eth_getTransactionReceipt", byHash],
  ["eth_getTransactionByHash", byHash],
  ["eth_getBlockByNumber", block],
  ["eth_call", contractCall],
  ["eth_estimateGas", contractCall],
  ["eth_sendRawTransaction", rawTransaction],
]);

/** The result of the check: the call, or the JSON-RPC error that the visitor gets. */
export type RpcCheck = { ok: true; call: AllowedCall } | { ok: false; id: unknown; code: number; message: string };

/** Checks a parsed request body. Several requests in one body are refused: each counts for itself. */
export function checkRpc(body: unknown): RpcCheck {
  if (!isJsonObject(body)) return refused(null, -32600, "Send one JSON-RPC request at a time.");
  const { id, method, params = [] } = body;
  if ((typeof id !== "number" && !(typeof id === "string" && id.length <= 64)) || !Array.isArray(params)) {
    return refused(null, -32600, "The JSON-RPC request has no valid id, or no list of parameters.");
  }
  const check = typeof method === "string" ? METHODS.get(method) : undefined;
  if (!check || typeof method !== "string") return refused(id, -32601, "The demo's chain does not offer this method.");
  const allowed = check(params);
  if (!allowed) return refused(id, -32602, `The demo's chain does not accept these parameters of ${method}.`);
  return { ok: true, call: { id, method, params: allowed } };
}

function refused(id: unknown, code: number, message: string): RpcCheck {
  return { ok: false, id, code, message };
}

const APPROVE = toFunctionSelector(getAbiItem({ abi: sandboxUsdcAbi, name: "approve" }));

const SALE_CALLS = (
  ["replaceBidWithApproval", "replaceBidWithPermit", "cancelBid", "reduceCommitment", "claimRefund"] as const
).map((name) => toFunctionSelector(getAbiItem({ abi: sandboxSaleAbi, name })));

/** The functions that a buyer's transaction may call. No mint: an absurd supply or commitment would spoil the sale for everybody. */
function buyersCalls(to: string): readonly Hex[] {
  if (to.toLowerCase() === SANDBOX_SALE.toLowerCase()) return SALE_CALLS;
  return CONTRACTS.includes(to.toLowerCase()) ? [APPROVE] : [];
}

/**
 * The sender of a signed transaction that does what buyers do; undefined for every other one. Only one type of transaction is accepted: others
 * carry blobs, or code for an account to run.
 */
export async function buyerOf(raw: Hex, saleChainId: number): Promise<Address | undefined> {
  try {
    if (!raw.startsWith("0x02")) return undefined;
    const serializedTransaction: `0x02${string}` = `0x02${raw.slice(4)}`;
    const { to, data, value = 0n, gas = 0n, chainId } = parseTransaction(serializedTransaction);
    if (chainId !== saleChainId || value !== 0n || gas > MOST_GAS || !to || !data) return undefined;
    if (!buyersCalls(to).some((selector) => data.startsWith(selector))) return undefined;
    return await recoverTransactionAddress({ serializedTransaction });
  } catch {
    return undefined;
  }
}

/** Nobody's wallets: the contracts, and the usual operator, whose key is public. No token can be minted for the zero address. */
const NOT_WALLETS: readonly string[] = [...CONTRACTS, zeroAddress, OPERATOR.toLowerCase()];

/** The wallets that a visitor asks to fund, each once and in lower case: up to `most` addresses, and none that is nobody's wallet. */
export function walletsIn(body: JsonObject, most: number): readonly Address[] | undefined {
  const { wallets } = body;
  if (!Array.isArray(wallets) || wallets.length === 0 || wallets.length > most) return undefined;
  if (!wallets.every(isAddress)) return undefined;
  const distinct = [...new Set(wallets.map(lowerCase))];
  return distinct.some((wallet) => NOT_WALLETS.includes(wallet)) ? undefined : distinct;
}

/** One spelling of an address, for comparing. */
export function lowerCase(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`;
}
