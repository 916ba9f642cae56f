import { prepareProviderCall } from "@/lib/connections";
import { deadlineIn } from "@/lib/http/deadline";
import { callWithTokens } from "@/lib/oauth/authorised-call";
import type { Engine } from "@/lib/oauth/engine";
import { complete, connect, disconnect } from "@/lib/oauth/flow";
import type { Caller } from "@/lib/oauth/refresh";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { setUpProvider, type FoundProvider } from "@/lib/providers/registry";
import type { Result } from "@/lib/result";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { sha256 } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { auditOn, instanceOn, sqliteFile } from "@/tests/support/database/store-bench";
import { example } from "@/tests/support/oauth/example-provider";
import { decide, startOpenIdServer, type OpenIdClient, type OpenIdServer } from "@/tests/support/oauth/openid-server";

const APP_URL = "http://localhost:3000";
const KEY = { provider: "example", userId: "ada" } as const;
const TIME_LIMIT_MS = 10_000;

/** Contains characters that HTTP Basic needs encoded and a form does not. */
const CLIENT = { clientId: "an-app", clientSecret: "s3cr:et/+% ~", redirectUri: `${APP_URL}/oauth/callback/example` };

/** Makes one of a provider's calls, as the action does once it knows the user. */
export async function callProvider(
  found: FoundProvider,
  call: { call: string; input: unknown },
  who: Omit<Caller, "provider">,
): Promise<Result<unknown>> {
  const prepared = prepareProviderCall(found, call);
  if (!prepared.ok) return prepared;
  const { provider, run } = prepared.data;
  const caller = { ...who, provider };
  return callWithTokens(caller, (accessToken) => run(accessToken, caller));
}

/** The example provider of the documents on the engine, with real stores, against a server by others. */
export class OpenIdBench {
  private readonly work: Promise<unknown>[] = [];

  private constructor(
    readonly server: OpenIdServer,
    readonly engine: Engine,
    private readonly clientAuth: OpenIdClient["clientAuth"],
    readonly sessionIdHash: string,
  ) {
    engine.keepAlive = (work) => void this.work.push(work);
  }

  static async open(clientAuth: OpenIdClient["clientAuth"]): Promise<{ bench: OpenIdBench; close(): Promise<void> }> {
    const server = await startOpenIdServer({ ...CLIENT, clientAuth });
    const place = await sqliteFile.newPlace();
    const database = await openDatabase(place.url);
    await migrate(database.kysely);
    const { tokens, transactions, sessions } = instanceOn(database, [encryptionKey()], Date.now);
    const sessionIdHash = sha256("session of ada");
    await sessions.create(sessionIdHash, "ada");
    const nothing = () => undefined;
    const log = { info: nothing, warn: nothing, error: nothing };
    const rest = { timeoutMs: TIME_LIMIT_MS, keepAlive: nothing, refreshes: new Map(), rejections: new Map(), log };
    const audit = auditOn(database, { log, keepAlive: (work) => bench.work.push(work) });
    const engine: Engine = { tokens, oauthRequests: transactions, now: Date.now, audit, ...rest };
    const bench: OpenIdBench = new OpenIdBench(server, engine, clientAuth, sessionIdHash);
    const close = async () => {
      await bench.settled();
      await database.kysely.destroy();
      await server.close();
      place.remove();
    };
    return { bench, close };
  }

  /** The example as documented uses HTTP Basic; the variant differs only in sending the secret in the body. */
  found(clientSecret: string = CLIENT.clientSecret): FoundProvider {
    const { issuer } = this.server;
    const values = { EXAMPLE_CLIENT_ID: CLIENT.clientId, EXAMPLE_CLIENT_SECRET: clientSecret, EXAMPLE_ISSUER: issuer };
    const found = setUpProvider(example, new Map(Object.entries(values)), APP_URL);
    if (this.clientAuth === "basic") return found;
    const common = { issuer, discoverAt: issuer, authorizeOrigins: [issuer], scopes: ["openid", "email"] } as const;
    const secret = { clientId: CLIENT.clientId, clientSecret, clientAuth: "post" } as const;
    const { oauth } = standardOAuth({ ...common, ...secret, tokenBody: "form", pkce: true });
    return { ...found, provider: { ...found.provider, oauth } };
  }

  async begin(): Promise<URL> {
    const begun = await connect(this.engine, this.found().provider, {
      userId: "ada",
      sessionIdHash: this.sessionIdHash,
      returnTo: "/connections",
      deadline: this.deadline(),
    });
    if (!begun.ok) throw new Error(begun.error.code);
    return new URL(begun.data.url);
  }

  async callback(decision?: "approve" | "deny"): Promise<URL> {
    return decide(await this.begin(), decision);
  }

  complete(callback: URL, found = this.found()): Promise<Result<{ returnTo: string }>> {
    const who = { userId: "ada", sessionIdHash: this.sessionIdHash };
    const received = { ...who, path: callback.pathname, params: callback.searchParams };
    return complete(this.engine, () => found.provider, received, this.deadline());
  }

  async connected(): Promise<void> {
    const done = await this.complete(await this.callback());
    if (!done.ok) throw new Error(done.error.code);
  }

  call(): Promise<Result<unknown>> {
    return callProvider(
      this.found(),
      { call: "userInfo", input: {} },
      { engine: this.engine, userId: "ada", deadline: this.deadline() },
    );
  }

  async disconnect(): Promise<void> {
    await disconnect(this.engine, this.found().provider, "ada");
    await this.settled();
  }

  async refreshToken(): Promise<string> {
    return (await this.engine.tokens.get(KEY))?.tokens.refreshToken ?? "";
  }

  /** A refresh that somebody else makes, with a copy of the token. */
  refreshWith(refreshToken: string) {
    return this.found().provider.oauth.refresh(refreshToken, this.deadline());
  }

  /** Makes the access token look expired. */
  async outdate(): Promise<void> {
    const stored = await this.engine.tokens.get(KEY);
    if (!stored) throw new Error("not connected");
    const expiresAt = Math.floor(Date.now() / 1_000) - 1;
    await this.engine.tokens.replace(KEY, stored.version, { ...stored.tokens, expiresAt });
  }

  deadline() {
    return deadlineIn(TIME_LIMIT_MS);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.work.splice(0));
  }
}
