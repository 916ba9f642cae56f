"use client";

import { getEntity } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import type { SonarEntity } from "@/lib/sonar/entity";

/** The shape of sonar-react's `UseSonarEntityResult`, plus `refetch`. */
export interface UseSonarEntityResult extends SonarRead {
  entity?: SonarEntity;
}

/**
 * One of the user's entities, by id, or by a linked wallet where Echo has enabled that for the sale. `saleUUID` is accepted and not
 * sent. `error` is a `FailureError`; `api/not_found` for an entity that is not the user's.
 */
export function useSonarEntity(args: {
  saleUUID: string;
  entityID?: string;
  walletAddress?: string;
}): UseSonarEntityResult {
  const { entityID, walletAddress = "" } = args;
  const { data, ...rest } = useSonarQuery({
    name: "entity",
    action: getEntity,
    input: entityID === undefined ? { walletAddress } : { entityID },
    enabled: entityID !== undefined || walletAddress !== "",
  });
  return { ...rest, ...(data && { entity: data.Entity }) };
}
