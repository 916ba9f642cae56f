"use client";

import { useEffect } from "react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { getPositions } from "@/app/actions/sonar";
import {
  floorOf,
  isLost,
  raiseFloor,
  restoreFloor,
  storeFloor,
  useFloor,
  useStoredFloor,
  type Floor,
  type FloorKind,
} from "@/hooks/use-chain-floor";
import { useSeeds } from "@/hooks/page-provider";
import { useIsSending } from "@/hooks/use-sending";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { isOfOtherStage, positionIn, type Positions } from "@/lib/purchase/position";
import { success, type Result } from "@/lib/result";
import { pageContract, type SaleChain, type SaleStage } from "@/lib/sale/state";

/** In milliseconds. Settlement, refunds and other wallets of an entity change a position without this page. */
const POLL_EVERY_MS = 60_000;

/** While a wallet is asked for something that is relative to the position: the user can still decline it. */
const POLL_WHILE_SENDING_MS = 10_000;

/**
 * Milliseconds until the next read while the positions are older than a transaction of this page, by the time that it takes: the first read
 * may have met a restart of the server, a later one a longer outage.
 */
function soon(passed: number): number {
  if (passed < 20_000) return 3_000;
  return passed < 120_000 ? 10_000 : 30_000;
}

/** In milliseconds, while a position is of another stage than the sale: one of two reads has met a node that is behind. */
const POLL_UNTIL_STAGE_MS = 5_000;

function newestOf(positions: Positions): number {
  return Number(positions.reduce((newest, { position: { block = 0n } }) => (block > newest ? block : newest), 0n));
}

/** An answer with each position that the page has from a later block in place of the answer's: the node that answered has gone back. */
function withNewer(answer: Positions, shown: Positions = []): Positions {
  return answer.map((entry) => {
    const known = positionIn(shown, entry.entityID);
    return known && (known.block ?? 0n) > (entry.position.block ?? 0n) ? { ...entry, position: known } : entry;
  });
}

function isOlder(positions: Positions, { block: floor }: Floor): boolean {
  return positions.some(({ position: { block } }) => block !== undefined && block < BigInt(floor));
}

async function readNewest(client: QueryClient, viewKey: string, chain: SaleChain): Promise<Result<Positions>> {
  restoreFloor(client, chain, viewKey);
  const seen = floorOf(client, viewKey, "seen");
  const answer = await getPositions({ atBlock: seen?.block, sale: pageContract(chain) });
  if (!answer.ok || !seen || isLost(chain, seen, Date.now())) return answer;
  return success(withNewer(answer.data, client.getQueryData<Positions>([viewKey, "positions", {}])));
}

/** The user's positions in the sale. */
export interface UsePositionsResult extends SonarRead {
  /** The positions of the user's entities, from the chain. */
  positions?: Positions;
  /** The newest block that has been asked for; the server's node may still be behind it. */
  newestAsked?: number;
  /** The positions lack a transaction that the page has seen confirmed. They are read again soon. */
  isBehind: boolean;
  /** Asks again for the state at this block or later: right after a transaction, with its block. */
  refetchAt: (block: number) => Promise<void>;
  /** Asks again for the state at this block or later, without which the positions are as good as before. */
  refetchFrom: (block: number) => void;
}

/**
 * The holdings of the user's entities in the sale. Once a block has been asked for or seen, every later read asks for it too: a load-balanced node
 * may lag, and a commitment must not vanish again. The server waits for that block only within its time limit; if a node lags longer, the
 * next read corrects the answer. `stage`: the sale's present one, until which they are read often. `error` is a `FailureError`.
 */
export function usePositions(chain: SaleChain, stage?: SaleStage): UsePositionsResult {
  const { viewKey } = useSessionStatus();
  const client = useQueryClient();
  const restMs = useIsSending() ? POLL_WHILE_SENDING_MS : POLL_EVERY_MS;
  const isOfOther = (positions: Positions) => positions.some(({ position }) => isOfOtherStage(position, stage));
  const floor = (kind: FloorKind) => floorOf(client, viewKey, kind);
  const isBehind = (positions: Positions, answeredAt = 0) => {
    const own = floor("own");
    return own !== undefined && isOlder(positions, own) && !isLost(chain, own, answeredAt);
  };
  const { data, ...rest } = useSonarQuery(
    () => readNewest(client, viewKey, chain),
    {},
    {
      name: "positions",
      seed: useSeeds().positions,
      untilRead: true,
      pollEvery: (positions, answeredAt) =>
        isBehind(positions, answeredAt)
          ? soon(Date.now() - (floor("own")?.since ?? 0))
          : isOfOther(positions)
            ? POLL_UNTIL_STAGE_MS
            : restMs,
    },
  );
  const seen = useFloor("seen");
  useStoredFloor(client, chain, () => {
    if (data && isBehind(data)) rest.refetch();
  });
  useEffect(() => {
    if (data) raiseFloor(client, viewKey, "seen", { block: newestOf(data), since: Date.now() });
  }, [client, data, viewKey]);
  const refetchAt = (block: number) => {
    const own = { block, since: Date.now() };
    raiseFloor(client, viewKey, "own", own);
    storeFloor(chain, viewKey, own);
    void client.invalidateQueries({ queryKey: [viewKey, "activity"] });
    // A running request was made before and may return an older state, so this cancels it.
    return client.refetchQueries({ queryKey: [viewKey, "positions"] });
  };
  const refetchFrom = (block: number) => {
    raiseFloor(client, viewKey, "seen", { block, since: Date.now() });
    rest.refetch();
  };
  return {
    ...rest,
    positions: data,
    newestAsked: seen && !isLost(chain, seen, rest.answeredAt ?? 0) ? seen.block : undefined,
    isBehind: data !== undefined && isBehind(data, rest.answeredAt),
    refetchAt,
    refetchFrom,
  };
}
