"use client";

import { useQueryClient } from "@tanstack/react-query";
import { getPositions } from "@/app/actions/sonar";
import { useSeeds } from "@/hooks/page-provider";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import type { Positions } from "@/lib/sonar/positions";

/** In milliseconds. Settlement, refunds and other wallets of an entity change a position without this page. */
const POLL_EVERY_MS = 60_000;

/** The key of the block that later reads of the chain must have reached. */
export function floorKeyOf(viewKey: string): readonly string[] {
  return [viewKey, "positionsFloor"];
}

/** The user's positions in the sale. */
export interface UsePositionsResult extends SonarRead {
  /** The positions of the user's entities, by EntityID; from the chain. */
  positions?: Positions;
  /** The newest block that has been asked for; the server's node may still be behind it. */
  newestAsked?: number;
  /** Asks again for the state at this block or later: right after a transaction, with its block. */
  refetchAt: (block: number) => Promise<void>;
}

/**
 * The holdings of the user's entities in the sale. Once a block has been asked for, every later read asks for it too: a load-balanced node
 * may lag, and a commitment must not vanish again. The server waits for that block only within its time limit; if a node lags longer, the
 * next read corrects the answer. `error` is a `FailureError`.
 */
export function usePositions(): UsePositionsResult {
  const { viewKey } = useSessionStatus();
  const client = useQueryClient();
  const floorKey = floorKeyOf(viewKey);
  const floor = () => client.getQueryData<number>(floorKey);
  const { data, ...rest } = useSonarQuery(
    () => getPositions({ atBlock: floor() }),
    {},
    { name: "positions", seed: useSeeds().positions, pollEvery: () => POLL_EVERY_MS },
  );
  const refetchAt = (block: number) => {
    client.setQueryData(floorKey, Math.max(block, floor() ?? 0));
    void client.invalidateQueries({ queryKey: [viewKey, "activity"] });
    // A running request was made before and may return an older state, so this cancels it.
    return client.refetchQueries({ queryKey: [viewKey, "positions"] });
  };
  return { ...rest, positions: data, newestAsked: floor(), refetchAt };
}
