import "server-only";
import { z } from "zod";
import type { Env } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { upstreamFetch } from "@/lib/http/upstream";
import { publicDemo } from "@/lib/public-demo";

/** In Unix seconds. */
const windowSchema = z.object({ opensAt: z.int(), closesAt: z.int() });

/** In milliseconds. The sandbox answers at once; a page must not wait for one that does not. */
const PATIENCE_MS = 500;

async function sandboxWindow(origin: string): Promise<z.infer<typeof windowSchema> | undefined> {
  try {
    const ask = upstreamFetch("sandbox.window", deadlineIn(PATIENCE_MS), () => true);
    return windowSchema.parse(await (await ask(`${origin}/sandbox/window`)).json());
  } catch {
    return undefined;
  }
}

/**
 * The times that the sale announces, in milliseconds since 1970: SALE_OPENS_AT and SALE_CLOSES_AT. Where neither is set, the sandbox's sale
 * announces the window that its permits have, so that the page tells the same time before and after sign-in.
 */
export async function announcedTimes({ sale, sandbox }: Env): Promise<Env["sale"]> {
  if (!sandbox || sale.opensAt !== undefined || sale.closesAt !== undefined) return sale;
  const window = publicDemo()?.window() ?? (sandbox.demo ? undefined : await sandboxWindow(sandbox.origin));
  return window ? { opensAt: window.opensAt * 1000, closesAt: window.closesAt * 1000 } : sale;
}
