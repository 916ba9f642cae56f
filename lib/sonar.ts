import "server-only";
import { createClient, type SonarClient } from "@echoxyz/sonar-core";
import type { z } from "zod";
import { getEnv } from "@/lib/env";
import { guarded } from "@/lib/guarded";
import { logOutcome } from "@/lib/log-outcome";
import { getEngine } from "@/lib/oauth/app-engine";
import { callWithTokens } from "@/lib/oauth/call";
import { deadlineIn, type Deadline } from "@/lib/upstream/deadline";
import { upstreamFetch } from "@/lib/upstream/upstream-fetch";
import { sonarProvider } from "@/lib/providers/sonar";
import { withinRate, type RateName } from "@/lib/rate-limit";
import { fail, type Result } from "@/lib/result";
import { getSession } from "@/lib/session";
import type { SonarCallContext } from "@/lib/sonar/call-context";

/** Asking for a permit is the one call that is not repeated when a connection breaks; all others only read. */
function isRead(url: URL): boolean {
  return url.pathname !== "/externalapi.GenerateSalePurchasePermit";
}

/**
 * A Sonar client for one call with one access token. Never shared between calls or users: sonar-core keeps the token inside.
 * Throws if sonar-core drops the token, which it does silently with anything but a JWT that has an `exp`.
 */
export function createSonarClient(accessToken: string, deadline: Deadline): SonarClient {
  const client = createClient({ apiURL: getEnv().sonar.apiUrl, fetch: upstreamFetch(deadline, isRead) });
  client.setToken(accessToken);
  if (client.getToken() === undefined) throw new Error("sonar-core did not accept the access token");
  return client;
}

interface SonarActionSpec<Input, Output> {
  /** Name in the log. */
  name: string;
  input: z.ZodType<Input>;
  rate: RateName;
  run: (client: SonarClient, input: Input, context: SonarCallContext) => Promise<Result<Output>>;
}

async function runAction<I, O>(spec: SonarActionSpec<I, O>, raw: unknown): Promise<Result<O>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const input = spec.input.safeParse(raw);
  if (!input.success) return fail("api/invalid_request");
  if (!(await withinRate(spec.rate, session.userId))) return fail("api/rate_limited");
  const env = getEnv();
  const engine = await getEngine();
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  const context = { saleUUID: env.sonar.saleUUID, userId: session.userId, engine, deadline };
  const startedAt = engine.now();
  const result = await callWithTokens(engine, sonarProvider(env.sonar), session.userId, deadline, (accessToken) =>
    spec.run(createSonarClient(accessToken, deadline), input.data, context),
  );
  const fields = { provider: "sonar", call: spec.name, durationMs: engine.now() - startedAt };
  logOutcome(engine.log, "sonar.call", fields, result);
  return result;
}

/**
 * Makes a server action of a Sonar call: session, input (zod), rate limit, fresh tokens, the call (see `askSonar`). It never
 * throws: every trouble is a Failure, and a call without a session or with bad input reaches no upstream.
 */
export function createSonarServerAction<I, O>(spec: SonarActionSpec<I, O>): (input: I) => Promise<Result<O>> {
  return (input) => guarded(spec.name, () => runAction(spec, input));
}
