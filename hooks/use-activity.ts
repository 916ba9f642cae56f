"use client";

import { useEffect } from "react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { getActivity } from "@/app/actions/sonar";
import { floorOf, isLost, raiseFloor, restoreFloor, useFloor, useStoredFloor } from "@/hooks/use-chain-floor";
import { useSeeds } from "@/hooks/page-provider";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { lacksNewer } from "@/lib/activity/missing-blocks";
import { success, type Result } from "@/lib/result";
import type { SaleChain } from "@/lib/sale/state";
import type { OwnActivity } from "@/lib/sonar/activity";

/** In milliseconds. The operator's transactions, and those of other browsers, come without this page. */
const POLL_EVERY_MS = 60_000;

/**
 * The same, by what is still missing. While older blocks are being searched, each read goes on where the last one stopped; a node that is behind
 * has caught up after some blocks.
 */
const POLL_AFTER_MS = {
  none: POLL_EVERY_MS,
  unread: POLL_EVERY_MS,
  "to-search": 1_000,
  behind: 10_000,
  outdated: 5_000,
};

/** The activity of the user's entities in the sale. */
export interface UseActivityResult extends SonarRead {
  /** From the chain, the newest entry first. */
  activity?: OwnActivity;
}

/** Reads at the newest block that the page has seen; an answer from before what it shows is none: the node that answered has gone back. */
async function readNewest(client: QueryClient, viewKey: string, chain?: SaleChain): Promise<Result<OwnActivity>> {
  restoreFloor(client, chain, viewKey);
  const seen = floorOf(client, viewKey, "seen");
  const answer = await getActivity({ atBlock: seen?.block });
  const shown = client.getQueryData<OwnActivity>([viewKey, "activity", {}]);
  const isOlder = answer.ok && shown !== undefined && answer.data.block < shown.block;
  return isOlder && chain && seen && !isLost(chain, seen, Date.now()) ? success(shown) : answer;
}

/**
 * Everything that the user's entities did in the sale. After a transaction, `usePositions().refetchAt` reads it again too, at that block or
 * later; an answer from before a block that the page has seen, or the user's last transaction, is said to lack newer entries. `error` is a
 * `FailureError`.
 */
export function useActivity(chain: SaleChain | undefined): UseActivityResult {
  const { viewKey } = useSessionStatus();
  const client = useQueryClient();
  const seen = useFloor("seen");
  const told = (activity: OwnActivity, answeredAt = 0) => {
    if (!chain || !seen || isLost(chain, seen, answeredAt)) return activity;
    return lacksNewer(activity, activity.block < seen.block);
  };
  const { data, ...rest } = useSonarQuery(
    () => readNewest(client, viewKey, chain),
    {},
    {
      name: "activity",
      seed: useSeeds().activity,
      focusAlways: true,
      untilRead: true,
      pollEvery: (activity, answeredAt) => POLL_AFTER_MS[told(activity, answeredAt).missing],
    },
  );
  useStoredFloor(client, chain, () => {
    const isBehind = data && data.block < (floorOf(client, viewKey, "seen")?.block ?? 0);
    if (isBehind) rest.refetch();
  });
  useEffect(() => {
    if (data) raiseFloor(client, viewKey, "seen", { block: data.block, since: Date.now() });
  }, [client, data, viewKey]);
  return { ...rest, activity: data && told(data, rest.answeredAt) };
}
