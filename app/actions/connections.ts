"use server";

import { callConnected } from "@/lib/connections";
import { guarded } from "@/lib/http/guarded";
import type { Result } from "@/lib/result";

/** Makes one call of a connected provider, e.g. `{ provider: "example", call: "userInfo", input: {} }`. */
export async function callConnection(request: {
  provider: string;
  call: string;
  input: unknown;
}): Promise<Result<unknown>> {
  return guarded("callConnection", () => callConnected(request));
}
