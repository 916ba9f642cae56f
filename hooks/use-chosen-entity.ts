"use client";

import { useState } from "react";
import { chooseEntity, ENTITY_COOKIE } from "@/lib/sonar/choose-entity";
import type { SonarEntity } from "@/lib/sonar/entity";

const ONE_YEAR_SECONDS = 31_536_000;

/** The entity that takes part, and how to choose another. */
export interface UseChosenEntityResult {
  /** Absent while none can take part. */
  chosen?: SonarEntity;
  choose: (entityId: string) => void;
}

/** Which of the entities takes part. `wishedId` is what the server found in the cookie; the next choice is remembered there. */
export function useChosenEntity(entities: readonly SonarEntity[], wishedId: string | undefined): UseChosenEntityResult {
  const [wish, setWish] = useState(wishedId);
  const chosen = chooseEntity(entities, wish);
  function choose(entityId: string) {
    setWish(entityId);
    document.cookie = `${ENTITY_COOKIE}=${encodeURIComponent(entityId)}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; SameSite=Lax`;
  }
  return { ...(chosen && { chosen }), choose };
}
