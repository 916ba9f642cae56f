import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { connectAccount, signInAs } from "@/lib/account";
import { getEnv, type Env } from "@/lib/config/env";
import type { SandboxAccount } from "@/lib/config/sandbox";
import { hostCookieName, SANDBOX_WALLET_COOKIE, WALLET_COOKIE } from "@/lib/http/cookies";
import { deadlineIn } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { isLoopback } from "@/lib/http/secure-url";
import { forgetSharedReads } from "@/lib/http/shared-read";
import { upstreamFetch } from "@/lib/http/upstream";
import { fail, success, type Result } from "@/lib/result";
import { SALE_STAGES } from "@/lib/sale/state";
import { demoUser, getSession, isSecureSite } from "@/lib/session";
import { getTokenStore } from "@/lib/token-store";

const address = z.custom<SandboxAccount["address"]>((value) => /^0x[0-9a-f]{40}$/i.test(String(value)));

/** The sandbox writes the contract's names, e.g. "PreOpen". */
const stage = z
  .string()
  .transform((name) => SALE_STAGES.find((one) => one.replace("-", "") === name.toLowerCase()) ?? "commitment");

const toolsSchema = z.object({
  /** Who is connected. */
  persona: z.object({ id: z.string(), name: z.string() }).optional(),
  /** The accounts of the sandbox's wallet, the persona's own first. */
  accounts: z.array(z.object({ address, label: z.string() })),
  scenarios: z.array(z.object({ name: z.string(), title: z.string(), sentence: z.string() })),
  /** The state of the sale when the page was rendered; absent while its chain does not answer. */
  sale: z.object({ stage, paused: z.boolean(), blockTime: z.number(), beganAt: z.number() }).optional(),
});

/** What the app's pages show of a sandbox that runs on the same machine. */
export type SandboxTools = z.infer<typeof toolsSchema> & {
  /** The address of its controls. */
  controlsUrl: string;
};

/** The sandbox answers at once; a page must not wait for one that does not. */
const PATIENCE_MS = 2_000;

/** Setting a scenario starts the chain anew and sends transactions. */
const SCENARIO_MS = 30_000;

/**
 * The origin of a sandbox that may be controlled from the app's pages: never that of a public demo, and only where the app itself is on this
 * machine. Nobody else may set the state of a sale, or sign in without being asked.
 */
function toolsOrigin({ sandbox, appUrl }: Env): string | undefined {
  return sandbox && !sandbox.demo && isLoopback(appUrl) ? sandbox.origin : undefined;
}

/** True if this app may open scenarios. Without, their addresses do not exist. */
export function hasScenarios(): boolean {
  return toolsOrigin(getEnv()) !== undefined;
}

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
  const controlsUrl = toolsOrigin(env);
  if (controlsUrl === undefined) return undefined;
  try {
    const persona = await connectedPersona();
    const query = persona === undefined ? "" : `?${new URLSearchParams({ persona }).toString()}`;
    const ask = upstreamFetch("sandbox.tools", deadlineIn(PATIENCE_MS), () => true);
    const answer = await ask(`${controlsUrl}/sandbox/app${query}`);
    return { controlsUrl, ...toolsSchema.parse(await answer.json()) };
  } catch {
    return undefined;
  }
}

/** The part of the sandbox's answer that the app acts on. */
const scenarioSchema = z.object({ wallet: z.object({ address, network: z.enum(["sale", "other"]) }) });

/** Posts to the sandbox's controls. */
async function post(path: string, body: object): Promise<z.infer<typeof scenarioSchema> | undefined> {
  const origin = toolsOrigin(getEnv());
  if (origin === undefined) return undefined;
  const answer = await upstreamFetch(
    "sandbox.scenario",
    deadlineIn(SCENARIO_MS),
    () => false,
  )(`${origin}/sandbox/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.ok ? scenarioSchema.parse(await answer.json()) : undefined;
}

const WALLET_SECONDS = 30 * 24 * 60 * 60;
const ONCE_SECONDS = 120;

/**
 * Signs a new demo user in, and begins to connect: the consent is given by itself. The page that the browser comes back to connects the
 * sandbox's wallet. Returns the address to continue at.
 */
async function open({ wallet }: z.infer<typeof scenarioSchema>): Promise<Result<string>> {
  const signedIn = await signInAs(demoUser());
  if (!signedIn.ok) return signedIn;
  forgetSharedReads();
  const begun = await connectAccount("sonar", "/");
  if (!begun.ok) return begun;
  const jar = await cookies();
  const secure = isSecureSite();
  const forPage = { path: "/", sameSite: "lax", secure } as const;
  jar.set(hostCookieName(WALLET_COOKIE, secure), wallet.address, { ...forPage, maxAge: WALLET_SECONDS });
  jar.set(hostCookieName(SANDBOX_WALLET_COOKIE, secure), wallet.network, { ...forPage, maxAge: ONCE_SECONDS });
  return success(begun.data.url);
}

/** Sets the sandbox to a scenario and opens it. Fails with `api/not_found`, or as signing in and connecting do. */
export async function startScenario(name: string): Promise<Result<string>> {
  const scenario = await post(`scenarios/${encodeURIComponent(name)}`, { app: getEnv().appUrl });
  return scenario ? open(scenario) : fail("api/not_found");
}

/** Opens a scenario that somebody with access to the controls has set; a ticket is good once. Fails as `startScenario` does. */
export async function openTicket(ticket: string): Promise<Result<string>> {
  const scenario = await post("scenario-tickets", { ticket });
  return scenario ? open(scenario) : fail("api/not_found");
}
