import { deadlineIn } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import { complete, connect, disconnect } from "@/lib/oauth/flow";
import { runProviderCall } from "@/lib/oauth/provider-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { setUpProvider, type FoundProvider } from "@/lib/providers/find-provider";
import type { Result } from "@/lib/result";
import { sha256 } from "@/lib/sha256";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { encryptionKey } from "@/tests/support/app-environment";
import { example } from "@/tests/support/example-provider";
import { decide, startOpenIdServer, type OpenIdClient, type OpenIdServer } from "@/tests/support/openid-server";
import { instanceOn, sqliteFile } from "@/tests/support/store-bench";

const APP_URL = "http://localhost:3000";
const KEY = { provider: "example", userId: "ada" } as const;
const TIME_LIMIT_MS = 10_000;

/** With characters that have to be encoded for HTTP Basic, and must not be in a form. */
const CLIENT = { clientId: "an-app", clientSecret: "s3cr:et/+% ~", redirectUri: `${APP_URL}/oauth/callback/example` };

/** The README's example provider on the engine, with real stores, against a server that is not of our making. */
export class OpenIdBench {
  private readonly work: Promise<unknown>[] = [];

  private constructor(
    readonly server: OpenIdServer,
    readonly engine: Engine,
    private readonly clientAuth: OpenIdClient["clientAuth"],
    private readonly sessionIdHash: string,
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
    const rest = { timeoutMs: TIME_LIMIT_MS, keepAlive: nothing, refreshes: new Map(), refusals: new Map(), log };
    const engine: Engine = { tokens, transactions, now: Date.now, ...rest };
    const bench = new OpenIdBench(server, engine, clientAuth, sessionIdHash);
    const close = async () => {
      await bench.settled();
      await database.kysely.destroy();
      await server.close();
      place.remove();
    };
    return { bench, close };
  }

  /** The example as it is with HTTP Basic; with the secret in the body only that is another. */
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
    const begun = await connect(this.engine, this.found().provider, "ada", "/connections", this.deadline());
    if (!begun.ok) throw new Error(begun.error.code);
    return new URL(begun.data.url);
  }

  async callback(decision?: "approve" | "deny"): Promise<URL> {
    return decide(await this.begin(), decision);
  }

  complete(callback: URL, found = this.found()): Promise<Result<{ returnTo: string }>> {
    const at = { path: callback.pathname, params: callback.searchParams };
    const who = { userId: "ada", sessionIdHash: this.sessionIdHash };
    return complete(this.engine, () => found.provider, who, at, this.deadline());
  }

  async connected(): Promise<void> {
    const done = await this.complete(await this.callback());
    if (!done.ok) throw new Error(done.error.code);
  }

  call(): Promise<Result<unknown>> {
    return runProviderCall(this.engine, this.found(), { name: "userInfo", input: {} }, "ada", this.deadline());
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

  /** As if the access token had run out. */
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
