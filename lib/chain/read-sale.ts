import "server-only";
import { required, chainClient, latestBlock, chainResult, type Outcome } from "@/lib/chain/client";
import { fail, success, type Result } from "@/lib/result";
import { readStage, type SaleStage, type SaleState } from "@/lib/sale/state";
import { readPaymentTokens } from "@/lib/chain/payment-tokens";
import type { ChainSettings } from "@/lib/config/chain";
import { deadlineIn, type Deadline } from "@/lib/http/deadline";
import { saleAbi } from "@/lib/sale/abi";
import { readPosition, type Position } from "@/lib/purchase/position";
import { getEnv } from "@/lib/config/env";
import { readShared } from "@/lib/http/shared-read";

/** What a contract says of itself. */
export interface ContractIdentity {
  version: Outcome<readonly [major: number, minor: number, patch: number]>;
  stage: Outcome<number>;
  saleUUID: Outcome<`0x${string}`>;
}

/**
 * The stage, once the contract has shown that it is the configured sale's. The version comes first: other versions lack functions, and
 * their stage numbers mean something else. `sale/unsupported_contract` or `sale/wrong_contract`; throws what viem threw.
 */
export function checkContract(identity: ContractIdentity, saleUUID: string): Result<SaleStage> {
  const stage = readStage(required(identity.version), required(identity.stage));
  if (!stage.ok) return fail("sale/unsupported_contract");
  const isThisSale = required(identity.saleUUID).slice(2) === saleUUID.replaceAll("-", "").toLowerCase();
  return isThisSale ? success(stage.value) : fail("sale/wrong_contract");
}

async function askSaleState(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  const { contract, chainId } = chain.facts;
  const client = chainClient(chain.rpcUrls, deadline);
  const block = await latestBlock(client, deadline);
  const sale = { address: contract, abi: saleAbi } as const;
  const [version, stage, uuid, paused, claimRefundEnabled, tokens] = await client.multicall({
    deployless: true,
    batchSize: 0,
    blockNumber: block.number,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "paused" },
      { ...sale, functionName: "claimRefundEnabled" },
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
    tokens: await readPaymentTokens(client, required(tokens), chainId),
  });
}

/**
 * What the sale's contract says at the latest block. Failures: `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readContract(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  return chainResult(() => askSaleState(chain, saleUUID, deadline));
}

/** Whose positions, and of when. */
export interface PositionsQuery {
  /** SaleSpecificEntityIDs. */
  entityIDs: readonly `0x${string}`[];
  saleUUID: string;
  /** The answer is from this block or a later one, if one comes in time. */
  atBlock?: number;
}

async function askPositions(
  chain: ChainSettings,
  { entityIDs, saleUUID, atBlock }: PositionsQuery,
  deadline: Deadline,
): Promise<Result<Position[]>> {
  const client = chainClient(chain.rpcUrls, deadline);
  const block = await latestBlock(client, deadline, BigInt(atBlock ?? 0));
  const sale = { address: chain.facts.contract, abi: saleAbi } as const;
  const [version, stage, uuid, states] = await client.multicall({
    deployless: true,
    batchSize: 0,
    blockNumber: block.number,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "entityStatesByIDs", args: [entityIDs] },
    ],
  });
  const checked = checkContract({ version, stage, saleUUID: uuid }, saleUUID);
  return checked.ok ? success(required(states).map((state) => readPosition(state, checked.data))) : checked;
}

/** The positions of these entities at one block, in their order. Fails as `readSaleState` does. */
export function readPositions(
  chain: ChainSettings,
  query: PositionsQuery,
  deadline: Deadline,
): Promise<Result<Position[]>> {
  return chainResult(() => askPositions(chain, query, deadline));
}

/** A block comes every two seconds on the quicker chains, and people watch this state while they commit. */
const FRESH_MS = 2_000;

/** Shorter than the pages' polling: a lone visitor must not be told, ten seconds later, what they know. */
const RENEWING_MS = 5_000;

/** For as long as this, the last state is better than none. */
const KEPT_MS = 60_000;

function fetchSaleState(): Promise<Result<SaleState>> {
  const { chain, sonar, upstreamTimeoutMs } = getEnv();
  if (!chain) return Promise.resolve(fail("sale/not_announced"));
  return readContract(chain, sonar.saleUUID, deadlineIn(upstreamTimeoutMs));
}

/**
 * What the sale's contract says at the latest block, shared by all visitors of this process. Failures: `sale/not_announced`,
 * `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readSaleState(keepAlive?: (work: Promise<unknown>) => void): Promise<Result<SaleState>> {
  const times = { freshMs: FRESH_MS, renewingMs: RENEWING_MS, keptMs: KEPT_MS };
  return readShared({ name: "sale-state", read: fetchSaleState, ...times }, keepAlive);
}
