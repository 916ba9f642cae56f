import { deadlineIn } from "@/lib/http/deadline";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";

/** The time at which an adapter's clock stands. */
export const NOW = 1_800_000_000_500;

export const REDIRECT_URI = "http://localhost:3000/oauth/callback/example";

/** A provider with nothing special about it, all of whose endpoints are at `origin`. */
export function plainSpec(origin: string): OAuthSpec & { endpoints: NonNullable<OAuthSpec["endpoints"]> } {
  return {
    issuer: "https://issuer.example.com",
    endpoints: { authorization: `${origin}/authorize`, token: `${origin}/token`, revocation: `${origin}/revoke` },
    authorizeOrigins: [origin],
    clientId: "client",
    clientSecret: "s3cr:et/+% ~",
    clientAuth: "post",
    tokenBody: "form",
    pkce: true,
    scopes: ["read", "write"],
  };
}

/** A good answer of a token endpoint, with changes; `undefined` leaves a field out. */
export function tokens(changes: object = {}): object {
  return { access_token: "at-1", refresh_token: "rt-1", token_type: "Bearer", expires_in: 3_600, ...changes };
}

/** Answers with JSON. */
export function answering(body: unknown, status = 200, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answerJson(response, status, body);
  };
}

/** A server whose token endpoint a test plays, and the adapter that talks to it. */
export interface StandardBench {
  server: LocalServer;
  exchange(query?: string, verifier?: string): ReturnType<ReturnType<typeof adapterOf>["exchange"]>;
  refresh(): ReturnType<ReturnType<typeof adapterOf>["refresh"]>;
  adapter: ReturnType<typeof adapterOf>;
}

/** The adapter of a spec, by the bench's clock. */
export function adapterOf(spec: OAuthSpec) {
  return standardOAuth(spec, () => NOW).oauth;
}

/** Opens a bench; the caller closes its server. */
export async function openStandardBench(
  handle: Handler,
  changes: Partial<OAuthSpec> = {},
  timeoutMs = 5_000,
): Promise<StandardBench> {
  const server = await startLocalServer(handle);
  const adapter = adapterOf({ ...plainSpec(server.origin), ...changes });
  return {
    server,
    adapter,
    exchange: (query = "code=c&state=s", codeVerifier = "v".repeat(43)) =>
      adapter.exchange(
        { callback: new URLSearchParams(query), state: "s", codeVerifier, redirectUri: REDIRECT_URI },
        deadlineIn(timeoutMs),
      ),
    refresh: () => adapter.refresh("rt-0", deadlineIn(timeoutMs)),
  };
}
