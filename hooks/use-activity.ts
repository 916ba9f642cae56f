"use client";

import { useQueryClient } from "@tanstack/react-query";
import { getActivity } from "@/app/actions/sonar";
import { floorOf, isLost, useFloor, useStoredFloor } from "@/hooks/use-chain-floor";
import { useSeeds } from "@/hooks/page-provider";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { lacksNewer } from "@/lib/activity/missing-blocks";
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

/**
 * Everything that the user's entities did in the sale. After a transaction, `usePositions().refetchAt` reads it again too, at that block or
 * later; an answer from before the user's last transaction is said to lack newer entries. `error` is a `FailureError`.
 */
export function useActivity(chain: SaleChain | undefined): UseActivityResult {
  const { viewKey } = useSessionStatus();
  const client = useQueryClient();
  const own = useFloor("own");
  const told = (activity: OwnActivity, answeredAt = 0) => {
    if (!chain || !own || isLost(chain, own, answeredAt)) return activity;
    return lacksNewer(activity, activity.block < own.block);
  };
  const { data, ...rest } = useSonarQuery(
    () => getActivity({ atBlock: floorOf(client, viewKey, "own")?.block }),
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
    const isBehind = data && data.block < (floorOf(client, viewKey, "own")?.block ?? 0);
    if (isBehind) rest.refetch();
  });
  return { ...rest, activity: data && told(data, rest.answeredAt) };
}
