"use client";

import { ListAvailableEntitiesResponse } from "@echoxyz/sonar-core";
import { getEntities } from "@/app/actions/sonar";
import { useSonarQuery } from "@/hooks/use-sonar-query";
import { saleUUID } from "../config";

/** A hook over an action, with the type arguments that the guide writes. */
export function useSonarEntities() {
  const { loading, data, error } = useSonarQuery<{ saleUUID: string }, ListAvailableEntitiesResponse>(getEntities, {
    saleUUID,
  });
  return { loading, entities: data?.Entities, error };
}
