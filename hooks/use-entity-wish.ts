"use client";

import { useState } from "react";
import { ENTITY_COOKIE } from "@/lib/browser-cookies";

const ONE_YEAR_SECONDS = 31_536_000;

/** Which entity the user wants to take part as, and how to want another. */
export interface UseEntityWishResult {
  /** A wish only: `chooseEntity` says what comes of it. */
  wishedId?: string;
  choose: (entityId: string) => void;
}

/** The user's choice of entity. `first` is what the server found in the cookie; the next choice is remembered there. */
export function useEntityWish(first: string | undefined): UseEntityWishResult {
  const [wishedId, setWish] = useState(first);
  function choose(entityId: string) {
    setWish(entityId);
    document.cookie = `${ENTITY_COOKIE}=${encodeURIComponent(entityId)}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; SameSite=Lax`;
  }
  return { wishedId, choose };
}
