import { erc20Abi, type Address } from "viem";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";
import type { NodeClient } from "./node-client";
import { SANDBOX_TOKENS, STAGE_NAMES, type SaleStage } from "./chain-facts";

/** Rows per call: a node limits the gas of a read. */
const ROWS_PER_CALL = 100;

/** The state of the sale at one block. Amounts are in smallest units, over all tokens. */
export interface SaleFacts {
  stage: SaleStage;
  paused: boolean;
  claimRefundEnabled: boolean;
  reduceCommitmentEnabled: boolean;
  maxWalletsPerEntity: number;
  entities: number;
  totalCommitted: bigint;
  totalAccepted: bigint;
  totalRefunded: bigint;
  /** The block's time in Unix seconds. */
  time: number;
}

/** The part of the sale's state that every page of the app shows. */
export interface SaleNow {
  stage: SaleStage;
  paused: boolean;
  /** Unix seconds. */
  blockTime: number;
  /** The time of the chain's first block, which tells one chain from the next after a reset. */
  beganAt: number;
}

/** Reads the sale. Each call reads one block and rejects with viem's errors. */
export type SaleReader = ReturnType<typeof saleReader>;

/** Reads the sale at `address`; reads lists in calls of `page` rows. */
export function saleReader(node: NodeClient, address: Address, page = ROWS_PER_CALL) {
  const contract = { address, abi: sandboxSaleAbi } as const;
  const inPages = async <Row>(read: (from: bigint, to: bigint, blockNumber: bigint) => Promise<readonly Row[]>) => {
    const blockNumber = await node.getBlockNumber({ cacheTime: 0 });
    const count = await node.readContract({ ...contract, functionName: "numEntities", blockNumber });
    const starts = Array.from({ length: Math.ceil(Number(count) / page) }, (_, index) => index * page);
    const rows = await Promise.all(
      starts.map((from) => read(BigInt(from), BigInt(Math.min(from + page, Number(count))), blockNumber)),
    );
    return rows.flat();
  };
  return {
    facts: () => readFacts(node, contract),
    now: async (): Promise<SaleNow> => {
      const [latest, first, stage, paused] = await Promise.all([
        node.getBlock(),
        node.getBlock({ blockNumber: 1n }),
        node.readContract({ ...contract, functionName: "stage" }),
        node.readContract({ ...contract, functionName: "paused" }),
      ]);
      return { stage: stageOf(stage), paused, blockTime: Number(latest.timestamp), beganAt: Number(first.timestamp) };
    },
    /** What wallets hold, of the coin in wei and of both tokens in smallest units. */
    balances: (wallets: readonly Address[]) =>
      Promise.all(
        wallets.map(async (wallet) => {
          const held = (token: Address) =>
            node.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [wallet] });
          const [eth, usdc, usdt] = await Promise.all([
            node.getBalance({ address: wallet }),
            held(SANDBOX_TOKENS.usdc),
            held(SANDBOX_TOKENS.usdt),
          ]);
          return { address: wallet, eth, usdc, usdt };
        }),
      ),
    /** In the order of the entities' first bids, including cancelled ones, which have nothing committed. */
    commitments: () =>
      inPages((from, to, blockNumber) =>
        node.readContract({ ...contract, functionName: "readCommitmentDataIn", args: [from, to], blockNumber }),
      ),
    /** In the order of the entities' first bids. */
    entityStates: () =>
      inPages((from, to, blockNumber) =>
        node.readContract({ ...contract, functionName: "entityStatesIn", args: [from, to], blockNumber }),
      ),
  };
}

async function readFacts(
  node: NodeClient,
  contract: { address: Address; abi: typeof sandboxSaleAbi },
): Promise<SaleFacts> {
  const { number: blockNumber, timestamp } = await node.getBlock();
  const at = { ...contract, blockNumber };
  const [stage, paused, claimRefundEnabled, reduceCommitmentEnabled, maxWalletsPerEntity, ...counts] =
    await Promise.all([
      node.readContract({ ...at, functionName: "stage" }),
      node.readContract({ ...at, functionName: "paused" }),
      node.readContract({ ...at, functionName: "claimRefundEnabled" }),
      node.readContract({ ...at, functionName: "reduceCommitmentEnabled" }),
      node.readContract({ ...at, functionName: "maxWalletsPerEntity" }),
      node.readContract({ ...at, functionName: "numEntities" }),
      node.readContract({ ...at, functionName: "totalCommittedAmount" }),
      node.readContract({ ...at, functionName: "totalAcceptedAmount" }),
      node.readContract({ ...at, functionName: "totalRefundedAmount" }),
    ]);
  const [entities, totalCommitted, totalAccepted, totalRefunded] = counts;
  return {
    stage: stageOf(stage),
    paused,
    claimRefundEnabled,
    reduceCommitmentEnabled,
    maxWalletsPerEntity,
    entities: Number(entities),
    totalCommitted,
    totalAccepted,
    totalRefunded,
    time: Number(timestamp),
  };
}

function stageOf(number: number): SaleStage {
  const stage = STAGE_NAMES[number];
  if (stage === undefined) throw new Error(`The sale has stage ${number}, which the sandbox does not know.`);
  return stage;
}
