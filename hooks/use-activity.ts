"use client";

import { useQueryClient } from "@tanstack/react-query";
import { getActivity } from "@/app/actions/sonar";
import { useSeeds } from "@/hooks/page-provider";
import { floorBlockOf } from "@/hooks/use-positions";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import type { OwnActivity } from "@/lib/sonar/activity";

/** In milliseconds. The operator's transactions, and those of other browsers, come without this page. */
const POLL_EVERY_MS = 60_000;

/**
 * The same, by what is still missing. While older blocks are being searched, each read goes on where the last one stopped; a node that is behind
 * has caught up after some blocks.
 */
const POLL_AFTER_MS = { none: POLL_EVERY_MS, unread: POLL_EVERY_MS, "to-search": 1_000, behind: 10_000 };

/** The activity of the user's entities in the sale. */
export interface UseActivityResult extends SonarRead {
  /** From the chain, the newest entry first. */
  activity?: OwnActivity;
}

/**
 * Everything that the user's entities did in the sale. After a transaction, `usePositions().refetchAt` reads it again too, at that block or
 * later. `error` is a `FailureError`.
 */
export function useActivity(): UseActivityResult {
  const { viewKey } = useSessionStatus();
  const client = useQueryClient();
  const { data, ...rest } = useSonarQuery(
    () => getActivity({ atBlock: floorBlockOf(client, viewKey) }),
    {},
    {
      name: "activity",
      seed: useSeeds().activity,
      focusAlways: true,
      pollEvery: ({ older }) => POLL_AFTER_MS[older],
    },
  );
  return { ...rest, activity: data };
}
