import "server-only";
import { chainClient, chainResult, latestBlock, required, type Outcome } from "@/lib/chain/client";
import { readPaymentTokens } from "@/lib/chain/payment-tokens";
import type { ChainSettings } from "@/lib/config/chain";
import { getEnv } from "@/lib/config/env";
import { deadlineIn, type Deadline } from "@/lib/http/deadline";
import { readShared } from "@/lib/http/shared-read";
import { readPosition, type Position } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import { saleAbi } from "@/lib/sale/abi";
import { readStage, type SaleStage, type SaleState } from "@/lib/sale/state";

/** A contract's answers about itself. */
export interface ContractIdentity {
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

/** The faster chains have a block every two seconds, and people watch this state while they commit. */
const FRESH_MS = 2_000;

/** Shorter than the pages' polling interval: otherwise a lone visitor would get the previous poll's state again. */
const RENEWING_MS = 5_000;

/** The last state is served for this long if no new one can be read. */
const KEPT_MS = 60_000;

function fetchSaleState(): Promise<Result<SaleState>> {
  const { chain, sonar, upstreamTimeoutMs } = getEnv();
  if (!chain) return Promise.resolve(fail("sale/not_announced"));
  return readContract(chain, sonar.saleUUID, deadlineIn(upstreamTimeoutMs));
}

/**
 * The state of the sale's contract at the latest block, shared by all visitors of this process. Failures: `sale/not_announced`,
 * `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readSaleState(keepAlive?: (work: Promise<unknown>) => void): Promise<Result<SaleState>> {
  const times = { freshMs: FRESH_MS, renewingMs: RENEWING_MS, keptMs: KEPT_MS };
  return readShared({ name: "sale-state", read: fetchSaleState, ...times }, keepAlive);
}
