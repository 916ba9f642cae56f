"use client";

import { callProvider } from "@/hooks/call-provider";
import { useProviderQuery } from "@/hooks/use-provider-query";

/** The user as Interact knows them. */
export function useInteractUser() {
  return useProviderQuery(["interact", "readUser"], () => callProvider("interact", "readUser", {}));
}
