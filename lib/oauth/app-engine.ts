import "server-only";
import { headers } from "next/headers";
import { after } from "next/server";
import { getEnv } from "@/lib/env";
import { requestLog } from "@/lib/log";
import type { Engine } from "@/lib/oauth/engine";
import { getPKCEStore } from "@/lib/pkce-store";
import { processGlobal } from "@/lib/process-global";
import { getTokenStore } from "@/lib/token-store";

/** The engine of the request at hand, over this app's stores. */
export async function getEngine(): Promise<Engine> {
  const [tokens, transactions, requestHeaders] = await Promise.all([getTokenStore(), getPKCEStore(), headers()]);
  return {
    tokens,
    transactions,
    now: Date.now,
    timeoutMs: getEnv().upstreamTimeoutMs,
    keepAlive: (work) => after(() => work),
    refreshes: processGlobal<Engine["refreshes"]>("refreshes", () => new Map()),
    refusals: processGlobal<Engine["refusals"]>("refusals", () => new Map()),
    log: requestLog(requestHeaders.get("x-request-id") ?? "-"),
  };
}
