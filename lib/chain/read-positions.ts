import "server-only";
import { chainClient } from "@/lib/chain/chain-client";
import { checkContract } from "@/lib/chain/check-contract";
import { latestBlock } from "@/lib/chain/latest-block";
import { required } from "@/lib/chain/outcome";
import { settleChain } from "@/lib/chain/settle-chain";
import type { ChainSettings } from "@/lib/chain-settings";
import type { Deadline } from "@/lib/upstream/deadline";
import { success, type Result } from "@/lib/result";
import { saleAbi } from "@/lib/sale/abi";
import { readPosition, type Position } from "@/lib/sale/position";

/** Whose positions, and of when. */
export interface PositionsQuery {
  /** SaleSpecificEntityIDs. */
  entityIDs: readonly `0x${string}`[];
  saleUUID: string;
  /** The answer is from this block or a later one, if one comes in time. */
  atBlock?: number;
}

async function askContract(
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
  return settleChain(() => askContract(chain, query, deadline));
}
