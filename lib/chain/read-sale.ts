import "server-only";
import { domainSeparator, keccak256, stringToHex, type Address, type PublicClient } from "viem";
import {
  chainClient,
  chainResult,
  isContractAnswer,
  isOutdated,
  latestBlock,
  required,
  type ChainBlock,
  type Outcome,
} from "@/lib/chain/client";
import { CHAIN_CALL } from "@/lib/chain/failures";
import type { ChainSettings } from "@/lib/config/chain";
import { getEnv } from "@/lib/config/env";
import { tokenSymbol, withDistinctSymbols } from "@/lib/foreign-name";
import { deadlineIn, passedSince, thisMoment, type Deadline, type Moment } from "@/lib/http/deadline";
import { isDueRarely, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import { logSharedRead, readShared } from "@/lib/http/shared-read";
import { readPosition, type Position } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";
import { showsPause } from "@/lib/sale/pause";
import { readStage, type PaymentToken, type SaleStage, type SaleState } from "@/lib/sale/state";
import { knownPaymentDecimals } from "@/lib/sonar/commitments";

/** A contract's answers about itself. */
interface ContractIdentity {
  version: Outcome<readonly [major: number, minor: number, patch: number]>;
  stage: Outcome<number>;
  saleUUID: Outcome<`0x${string}`>;
}

/**
 * The stage, once the contract has proved to be the configured sale's. The version is checked first: other versions lack functions, and
 * their stage numbers mean something else. Fails with `sale/unsupported_contract` or `sale/wrong_contract`; throws viem's errors.
 */
function checkContract(identity: ContractIdentity, saleUUID: string): Result<SaleStage> {
  const stage = readStage(required(identity.version), required(identity.stage));
  if (!stage.ok) return fail("sale/unsupported_contract");
  const isThisSale = sameHex(required(identity.saleUUID), saleUUID);
  return isThisSale ? success(stage.value) : fail("sale/wrong_contract");
}

async function askSaleState(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  const { contract, chainId } = chain.facts;
  const client = chainClient({ rpcUrls: chain.rpcUrls, chainId }, deadline);
  const block = await latestBlock(client, deadline);
  const sale = { address: contract, abi: saleAbi } as const;
  const [version, stage, uuid, paused, claimRefundEnabled, reduceCommitmentEnabled, tokens] = await client.multicall({
    deployless: true,
    batchSize: 0,
    blockNumber: block.number,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "paused" },
      { ...sale, functionName: "claimRefundEnabled" },
      { ...sale, functionName: "reduceCommitmentEnabled" },
      { ...sale, functionName: "paymentTokens" },
    ],
  });
  const checked = checkContract({ version, stage, saleUUID: uuid }, saleUUID);
  if (!checked.ok) return checked;
  return success({
    stage: checked.data,
    paused: required(paused),
    blockTime: Number(block.timestamp),
    claimRefundEnabled: required(claimRefundEnabled),
    reduceCommitmentEnabled: required(reduceCommitmentEnabled),
    tokens: await readPaymentTokens(client, required(tokens), chainId),
  });
}

/**
 * The state of the sale's contract at the latest block. Failures: `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readContract(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  return chainResult(() => askSaleState(chain, saleUUID, deadline));
}

/** The entities whose positions are read, and the block to read at. */
export interface PositionsQuery {
  /** SaleSpecificEntityIDs. */
  entityIDs: readonly `0x${string}`[];
  saleUUID: string;
  /** The answer is from this block or a later one, if it comes in time. */
  atBlock?: number;
}

/** Positions, and the payment tokens' addresses, at one block. */
export interface PositionsAtBlock {
  positions: Position[];
  tokens: readonly Address[];
  block: ChainBlock;
}

async function askPositions(
  chain: ChainSettings,
  { entityIDs, saleUUID, atBlock }: PositionsQuery,
  deadline: Deadline,
): Promise<Result<PositionsAtBlock>> {
  const client = chainClient({ rpcUrls: chain.rpcUrls, chainId: chain.facts.chainId }, deadline);
  const block = await latestBlock(client, deadline, BigInt(atBlock ?? 0));
  const sale = { address: chain.facts.contract, abi: saleAbi } as const;
  const [version, stage, uuid, states, tokens] = await client.multicall({
    deployless: true,
    batchSize: 0,
    blockNumber: block.number,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "entityStatesByIDs", args: [entityIDs] },
      { ...sale, functionName: "paymentTokens" },
    ],
  });
  const checked = checkContract({ version, stage, saleUUID: uuid }, saleUUID);
  if (!checked.ok) return checked;
  const at = { block: block.number, stage: checked.data };
  const positions = required(states).map((state) => ({ ...readPosition(state, checked.data), ...at }));
  return success({ positions, tokens: required(tokens), block });
}

/** The positions of these entities, in their order, and what else that read told. Fails as `readSaleState` does. */
export function readPositionsAtBlock(
  chain: ChainSettings,
  query: PositionsQuery,
  deadline: Deadline,
): Promise<Result<PositionsAtBlock>> {
  return chainResult(() => askPositions(chain, query, deadline));
}

/** The positions of these entities at one block, in their order. Fails as `readSaleState` does. */
export async function readPositions(
  chain: ChainSettings,
  query: PositionsQuery,
  deadline: Deadline,
): Promise<Result<Position[]>> {
  const read = await readPositionsAtBlock(chain, query, deadline);
  return read.ok ? success(read.data.positions) : read;
}

/** The faster chains have a block every two seconds, and people watch this state while they commit. */
const FRESH_MS = 2_000;

/** Shorter than the pages' polling interval: otherwise a lone visitor would get the previous poll's state again. */
const RENEWING_MS = 5_000;

/** The last state is served for this long if no new one can be read. */
const KEPT_MS = 60_000;

async function fetchSaleState(): Promise<Result<SaleState>> {
  const { chain, sonar, upstreamTimeoutMs } = getEnv();
  if (!chain) return fail("sale/not_announced");
  const read = await readContract(chain, sonar.saleUUID, deadlineIn(upstreamTimeoutMs));
  if (read.ok && isOutdated(read.data.blockTime) && isDueRarely("chain.outdated"))
    requestLog("-").warn("chain.outdated", { blockAge: Math.round(Date.now() / 1_000) - read.data.blockTime });
  return logSharedRead(CHAIN_CALL, "sale-state", read);
}

/**
 * The state of the sale's contract at the latest block, shared by all visitors of this process, this site's own pause, which is younger, and the
 * decimals that Sonar has told.
 * Failures: `sale/not_announced`, `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export async function readSaleState(): Promise<Result<SaleState>> {
  const times = { freshMs: FRESH_MS, renewingMs: RENEWING_MS, keptMs: KEPT_MS };
  const [state, pausedBySite] = await Promise.all([
    readShared({ name: "sale-state", read: fetchSaleState, ...times }),
    showsPause(),
  ]);
  if (!state.ok) return state;
  const paymentDecimals = knownPaymentDecimals();
  return success({
    ...state.data,
    ...(isOutdated(state.data.blockTime) && { outdated: true as const }),
    ...(pausedBySite && { pausedBySite }),
    ...(paymentDecimals !== undefined && { paymentDecimals }),
  });
}

/** A token's answers about signed approvals; undefined if it does not have the function. */
export interface PermitFacts {
  address: Address;
  chainId: number;
  name: string | undefined;
  version: string | undefined;
  nonce: bigint | undefined;
  domainSeparator: string | undefined;
  permitTypehash: string | undefined;
}

/** The type hash of EIP-2612's message. Tokens older than the standard, such as DAI, use another message on the same domain. */
const PERMIT_TYPEHASH = keccak256(
  stringToHex("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
);

/** The versions to try if a token does not report its domain's version: "2" is USDC's, "1" OpenZeppelin's (sonar.md 4.7). */
const LIKELY_VERSIONS = ["2", "1"];

/**
 * The EIP-712 domain of the token's EIP-2612 permits, or undefined if it accepts none. The domain is computed and compared with the token's
 * own, so that the user never signs a permit that the token would refuse.
 */
export function permitDomain(facts: PermitFacts): PaymentToken["permit"] {
  const { address, chainId, name, nonce, permitTypehash } = facts;
  if (name === undefined || nonce === undefined || facts.domainSeparator === undefined) return undefined;
  if (permitTypehash !== undefined && permitTypehash !== PERMIT_TYPEHASH) return undefined;
  const candidates = facts.version === undefined ? LIKELY_VERSIONS : [facts.version, ...LIKELY_VERSIONS];
  const version = candidates.find(
    (one) =>
      domainSeparator({ domain: { name, version: one, chainId, verifyingContract: address } }) ===
      facts.domainSeparator,
  );
  return version === undefined ? undefined : { name, version };
}

/** A token does not change its symbol or decimals, but a proxy may be upgraded to EIP-2612 (milliseconds). */
const TOKEN_KNOWN_FOR_MS = 3_600_000;

interface KnownToken {
  token: PaymentToken;
  at: Moment;
}

function knownTokens(): Map<string, KnownToken> {
  return processGlobal("payment-tokens", () => new Map<string, KnownToken>());
}

async function askToken(client: PublicClient, address: Address, chainId: number): Promise<PaymentToken> {
  const call = <Name extends "symbol" | "decimals" | "name" | "version" | "DOMAIN_SEPARATOR" | "PERMIT_TYPEHASH">(
    functionName: Name,
  ) => ({ address, abi: tokenAbi, functionName }) as const;
  const nonces = { address, abi: tokenAbi, functionName: "nonces", args: [address] } as const;
  const [symbol, decimals, name, version, separator, typehash, nonce] = await client.multicall({
    deployless: true,
    batchSize: 0,
    contracts: [
      call("symbol"),
      call("decimals"),
      call("name"),
      call("version"),
      call("DOMAIN_SEPARATOR"),
      call("PERMIT_TYPEHASH"),
      nonces,
    ],
  });
  // Some old tokens have a bytes32 symbol, which does not decode. They are still accepted.
  if (symbol.status === "failure" && !isContractAnswer(symbol.error)) throw symbol.error;
  const permit = permitDomain({
    address,
    chainId,
    name: name.result,
    version: version.result,
    nonce: nonce.result,
    domainSeparator: separator.result,
    permitTypehash: typehash.result,
  });
  return {
    address,
    symbol: tokenSymbol(symbol.result ?? "", address),
    decimals: required(decimals),
    permit,
  };
}

async function readToken(client: PublicClient, address: Address, chainId: number): Promise<PaymentToken> {
  const known = knownTokens().get(address);
  if (known && passedSince(known.at) < TOKEN_KNOWN_FOR_MS) return known.token;
  const at = thisMoment();
  const token = await askToken(client, address, chainId);
  knownTokens().set(address, { token, at });
  return token;
}

/**
 * The tokens at these addresses, as their contracts describe them, remembered for an hour. `addresses` are all of the sale's: those of one symbol
 * are told apart here, and nowhere else. Throws viem's errors.
 */
export async function readPaymentTokens(
  client: PublicClient,
  addresses: readonly Address[],
  chainId: number,
): Promise<PaymentToken[]> {
  return withDistinctSymbols(await Promise.all(addresses.map((address) => readToken(client, address, chainId))));
}
