import "server-only";
import { createClient, type SonarClient } from "@echoxyz/sonar-core";
import type { z } from "zod";
import { CHAIN_CALL, isChainFailure } from "@/lib/chain/failures";
import { getEnv } from "@/lib/config/env";
import type { Deadline } from "@/lib/http/deadline";
import { guarded } from "@/lib/http/guarded";
import type { RateName } from "@/lib/http/rate-limit";
import { upstreamFetch } from "@/lib/http/upstream";
import { authorisedCall, type AuthorisedCall } from "@/lib/oauth/authorised-call";
import type { Caller } from "@/lib/oauth/refresh";
import { sonarProvider } from "@/lib/providers/sonar";
import { fail, success, type Result } from "@/lib/result";

/** The facts that a Sonar call may use besides its input. The sale and the user come from here, never from the browser. */
export interface SonarCallContext extends Omit<Caller, "provider"> {
  saleUUID: string;
}

/** A permit request is the one call that is not repeated when a connection breaks; all others only read. */
function isRead(url: URL): boolean {
  return url.pathname !== "/externalapi.GenerateSalePurchasePermit";
}

/** Sonar's own name of a call, which is the last part of its address. */
function callName({ pathname }: URL): string {
  const [, name = "other"] = /^\/externalapi\.([A-Za-z]{1,40})$/.exec(pathname) ?? [];
  return `sonar.${name}`;
}

/**
 * A Sonar client for one call with one access token. Never shared between calls or users: sonar-core keeps the token inside.
 * Throws if sonar-core drops the token, which it does silently unless it is a JWT with an `exp`.
 */
export function createSonarClient(accessToken: string, deadline: Deadline): SonarClient {
  const client = createClient({ apiURL: getEnv().sonar.apiUrl, fetch: upstreamFetch(callName, deadline, isRead) });
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

function prepare<I, O>({ name, input, rate, run }: SonarActionSpec<I, O>, raw: unknown): Result<AuthorisedCall<O>> {
  const parsed = input.safeParse(raw);
  if (!parsed.success) return fail("api/invalid_request");
  const { sonar } = getEnv();
  return success({
    provider: sonarProvider(sonar),
    event: "sonar.call",
    failedElsewhere: (failure) => (isChainFailure(failure) ? CHAIN_CALL : undefined),
    call: name,
    rate,
    run: (accessToken, caller) =>
      run(createSonarClient(accessToken, caller.deadline), parsed.data, { ...caller, saleUUID: sonar.saleUUID }),
  });
}

/**
 * Makes a server action of a Sonar call, by the recipe of `authorisedCall`. It never throws: everything that goes wrong is a Failure, and a
 * call without a session or with bad input reaches no upstream. `saleUUID` is accepted, as in Echo's guide, and dropped.
 */
export function createSonarServerAction<I, O>(
  spec: SonarActionSpec<I, O>,
): (input: I & { saleUUID?: string }) => Promise<Result<O>> {
  return (input) => guarded(spec.name, () => authorisedCall(() => prepare(spec, input)));
}
