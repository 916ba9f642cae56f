"use client";

import { EntitySetupState } from "@echoxyz/sonar-core";
import { getEntity, getEntities } from "@/app/actions/sonar";
import { useSeeds } from "@/hooks/page-provider";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { failureOf } from "@/lib/result";
import type { SonarEntity } from "@/lib/sonar/entity";

/** The shape of sonar-react's `UseSonarEntityResult`, plus `refetch`. */
export interface UseSonarEntityResult extends SonarRead {
  entity?: SonarEntity;
}

/**
 * One of the user's entities, by id, or by a linked wallet if Echo has enabled that for the sale. For code that moves over from
 * sonar-react: no page here uses it. `saleUUID` is accepted and not sent. An entity that is not the user's, or does not exist, is no error:
 * both `entity` and `error` are then undefined, as in sonar-react. Any other `error` is a `FailureError`.
 */
export function useSonarEntity(args: {
  saleUUID: string;
  entityID?: string;
  walletAddress?: string;
}): UseSonarEntityResult {
  const { entityID, walletAddress = "" } = args;
  const input = entityID === undefined ? { walletAddress } : { entityID };
  const enabled = entityID !== undefined || walletAddress !== "";
  const { data, error, ...rest } = useSonarQuery(getEntity, input, { enabled });
  if (error && failureOf(error).code === "api/not_found") return rest;
  return { ...rest, ...(error && { error }), ...(data && { entity: data.Entity }) };
}

/** In milliseconds. A review ends without any action of the user, so the list is read again at this interval. */
const REVIEW_POLL_MS = 60_000;

function isUnderReview({ EntitySetupState: state }: SonarEntity): boolean {
  return state === EntitySetupState.READY_FOR_REVIEW || state === EntitySetupState.IN_REVIEW;
}

/** The shape of sonar-react's `UseSonarEntitiesResult`, plus `refreshing` and `refetch`. */
export interface UseSonarEntitiesResult extends SonarRead {
  entities?: SonarEntity[];
}

/**
 * The user's entities, as Sonar lists them (see `rankEntities` for an order that is the same every time). The sale is the server's: the
 * arguments are those of sonar-react's hook and are not sent. `error` is a `FailureError`.
 */
export function useSonarEntities(_args?: { saleUUID: string; walletAddress?: string }): UseSonarEntitiesResult {
  const { data, ...rest } = useSonarQuery(
    getEntities,
    {},
    {
      seed: useSeeds().entities,
      // Setup happens in another tab: the return from there is the moment to check.
      focusAlways: true,
      untilRead: true,
      pollEvery: ({ Entities }) => (Entities.some(isUnderReview) ? REVIEW_POLL_MS : false),
    },
  );
  return { ...rest, ...(data && { entities: data.Entities }) };
}
