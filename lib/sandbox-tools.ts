import "server-only";
import { z } from "zod";
import type { Env } from "@/lib/config/env";
import type { SandboxAccount } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { isLoopback } from "@/lib/http/secure-url";
import { upstreamFetch } from "@/lib/http/upstream";
import { getSession } from "@/lib/session";
import { getTokenStore } from "@/lib/token-store";

/** What the app's pages need of a sandbox that runs on the same machine. */
export interface SandboxTools {
  /** Who is connected. */
  persona?: { id: string; name: string };
  /** The accounts of the sandbox's wallet, the persona's own first. */
  accounts: readonly SandboxAccount[];
}

/** The sandbox answers at once; a page must not wait for one that does not. */
const PATIENCE_MS = 500;

/**
 * The origin of a sandbox that may be controlled from the app's pages: never that of a public demo, and only where the app itself is on this
 * machine. Nobody else may set the state of a sale, or sign in without being asked.
 */
function toolsOrigin({ sandbox, appUrl }: Env): string | undefined {
  return sandbox && !sandbox.demo && isLoopback(appUrl) ? sandbox.origin : undefined;
}

const accountsSchema = z.object({
  persona: z.object({ id: z.string(), name: z.string() }).optional(),
  accounts: z.array(
    z.object({
      address: z.custom<SandboxAccount["address"]>((value) => /^0x[0-9a-f]{40}$/i.test(String(value))),
      label: z.string(),
    }),
  ),
});

const claimsSchema = z.object({ sub: z.string() });

/**
 * The persona that this browser's user is connected as. The sandbox writes it into its access tokens, so that it is known while Sonar is
 * down. No real token is read: without a sandbox this is never called.
 */
async function connectedPersona(): Promise<string | undefined> {
  const session = await getSession();
  if (!session) return undefined;
  const connection = await (await getTokenStore()).get({ provider: "sonar", userId: session.userId });
  const [, claims = ""] = connection?.tokens.accessToken.split(".") ?? [];
  return claimsSchema.safeParse(parseJson(Buffer.from(claims, "base64url").toString())).data?.sub;
}

/** Reads what the page shows of the sandbox; undefined without one, or if it does not answer. */
export async function readSandboxTools(env: Env): Promise<SandboxTools | undefined> {
  const origin = toolsOrigin(env);
  if (origin === undefined) return undefined;
  try {
    const persona = await connectedPersona();
    const query = persona === undefined ? "" : `?${new URLSearchParams({ persona }).toString()}`;
    const ask = upstreamFetch(deadlineIn(PATIENCE_MS), () => true);
    return accountsSchema.parse(await (await ask(`${origin}/sandbox/accounts${query}`)).json());
  } catch {
    return undefined;
  }
}
