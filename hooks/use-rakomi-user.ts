"use client";

import { callProvider } from "@/hooks/call-provider";
import { useProviderQuery } from "@/hooks/use-provider-query";

/** The user as Rakomi vouches for them. */
export function useRakomiUser() {
  return useProviderQuery(["rakomi", "userInfo"], () => callProvider("rakomi", "userInfo", {}));
}
