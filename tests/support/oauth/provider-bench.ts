import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { checkEnv, type Env } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import type { LogFields } from "@/lib/http/log";
import type { Engine } from "@/lib/oauth/engine";
import { complete, connect, disconnect, type Callback } from "@/lib/oauth/flow";
import type { TokenSet } from "@/lib/oauth/provider";
import { findProvider, requireProvider, type FoundProvider } from "@/lib/providers/registry";
import type { Result } from "@/lib/result";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { sha256 } from "@/lib/stores/seal";
import { appEnvironment, encryptionKey } from "@/tests/support/app/app-environment";
import { auditOn, instanceOn, sqliteFile, type StoreInstance } from "@/tests/support/database/store-bench";
import { callProvider } from "@/tests/support/oauth/openid-bench";
import { approve, postConsent } from "@/tests/support/sandbox/sandbox-user";
import { startTestProviders, type TestProviderId, type TestProviders } from "@/tests/support/sandbox/test-providers";

/** The address of the app in these tests. Nothing runs there. */
const APP_URL = "http://localhost:3000";

/** A request that the app sent to a provider. */
export interface SentRequest {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

interface LogLine extends LogFields {
  level: "info" | "warn" | "error";
  event: string;
}

const TIME_LIMIT_MS = 2_000;

function sentRequest([input, init]: Parameters<typeof fetch>): SentRequest {
  const request = new Request(input, { ...init, signal: null });
  const body =
    init?.body instanceof URLSearchParams ? init.body.toString() : typeof init?.body === "string" ? init.body : "";
  return { method: request.method, url: new URL(request.url), headers: request.headers, body };
}

/** The engine with real stores, and the sandbox's providers over HTTP. */
export class ProviderBench {
  /** The clock of app and providers, this many milliseconds ahead of the real one. */
  readonly clock = { ahead: 0 };
  readonly log: LogLine[] = [];
  private readonly work: Promise<unknown>[] = [];
  readonly now = () => Date.now() + this.clock.ahead;

  private constructor(
    readonly providers: TestProviders,
    readonly env: Env,
    readonly stores: StoreInstance,
    readonly engine: Engine,
  ) {}

  static async open(): Promise<{ bench: ProviderBench; close: () => Promise<void> }> {
    const providers = await startTestProviders();
    await providers.register(APP_URL);
    const settings = appEnvironment({ databaseUrl: "file:unused", sandboxPort: 1, providers: providers.addresses });
    const check = checkEnv({ NODE_ENV: "production", APP_URL, ...settings });
    if (!check.ok) throw new Error(JSON.stringify(check.problems));
    const place = await sqliteFile.newPlace();
    const database = await openDatabase(place.url);
    await migrate(database.kysely);
    const now = () => bench.now();
    const stores = instanceOn(database, [encryptionKey()], now);
    const bench: ProviderBench = new ProviderBench(
      providers,
      check.env,
      stores,
      ProviderBench.engineOver(stores, () => bench),
    );
    const close = async () => {
      await bench.settled();
      await database.kysely.destroy();
      await providers.close();
      place.remove();
    };
    return { bench, close };
  }

  private static engineOver({ tokens, transactions, database }: StoreInstance, bench: () => ProviderBench): Engine {
    const write = (level: LogLine["level"]) => (event: string, fields?: LogFields) =>
      void bench().log.push({ level, event, ...fields });
    const log = { info: write("info"), warn: write("warn"), error: write("error") };
    const keepAlive = (work: Promise<unknown>) => void bench().work.push(work);
    return {
      tokens,
      oauthRequests: transactions,
      now: () => bench().now(),
      timeoutMs: TIME_LIMIT_MS,
      keepAlive,
      refreshes: new Map(),
      rejections: new Map(),
      log,
      audit: auditOn(database, { log, now: () => bench().now(), keepAlive }),
    };
  }

  found(id: string): FoundProvider {
    const found = requireProvider(this.env, id);
    if (!found.ok) throw new Error(`${id}: ${found.error.code}`);
    return found.data;
  }

  async signIn(userId: string): Promise<Pick<Callback, "userId" | "sessionIdHash">> {
    const sessionIdHash = sha256(`session of ${userId}`);
    if (!(await this.stores.sessions.read(sessionIdHash))) await this.stores.sessions.create(sessionIdHash, userId);
    return { userId, sessionIdHash };
  }

  /** Begins to connect; returns the address of the consent page. */
  async begin(id: string, userId = "ada"): Promise<URL> {
    const begun = await connect(this.engine, this.found(id).provider, {
      ...(await this.signIn(userId)),
      returnTo: "/connections",
      deadline: this.deadline(),
    });
    if (!begun.ok) throw new Error(begun.error.code);
    return new URL(begun.data.url);
  }

  /** Approves, and returns the callback URL that the browser is sent to. */
  async callback(id: string, userId = "ada"): Promise<URL> {
    return approve(await this.begin(id, userId));
  }

  /** The same as `callback`, with these scopes only. */
  async callbackGranting(id: string, scope: string): Promise<URL> {
    const answer = await postConsent(await this.begin(id), { persona: "ada", decision: "approve", granted: scope });
    return new URL(answer.headers.get("location") ?? "");
  }

  async complete(callback: URL, userId = "ada"): Promise<Result<{ returnTo: string }>> {
    const received = { ...(await this.signIn(userId)), path: callback.pathname, params: callback.searchParams };
    return complete(this.engine, (id) => findProvider(this.env, id), received, this.deadline());
  }

  async connected(id: TestProviderId, userId = "ada"): Promise<void> {
    const done = await this.complete(await this.callback(id, userId), userId);
    if (!done.ok) throw new Error(done.error.code);
  }

  call(id: string, name: string, input: unknown = {}, userId = "ada"): Promise<Result<unknown>> {
    return callProvider(
      this.found(id),
      { call: name, input },
      { engine: this.engine, userId, deadline: this.deadline() },
    );
  }

  async disconnect(id: string, userId = "ada"): Promise<void> {
    await disconnect(this.engine, this.found(id).provider, userId);
  }

  async tokens(id: string, userId = "ada"): Promise<TokenSet | undefined> {
    return (await this.engine.tokens.get({ provider: id, userId }))?.tokens;
  }

  /** Makes the access token look expired by our own clock. */
  async outdate(id: string, userId = "ada"): Promise<void> {
    const key = { provider: id, userId };
    const stored = await this.engine.tokens.get(key);
    if (!stored) throw new Error("not connected");
    const expiresAt = Math.floor(this.now() / 1_000) - 1;
    await this.engine.tokens.replace(key, stored.version, { ...stored.tokens, expiresAt });
  }

  /** Records what the app sends, from now on until the test ends. */
  listen(): SentRequest[] {
    const sent: SentRequest[] = [];
    const original = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation((...args) => {
      sent.push(sentRequest(args));
      return original(...args);
    });
    return sent;
  }

  deadline() {
    return deadlineIn(TIME_LIMIT_MS);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.work.splice(0));
  }

  async reset(): Promise<void> {
    this.clock.ahead = 0;
    this.log.length = 0;
    await this.providers.reset();
    const { kysely } = this.stores.database;
    for (const table of ["sessions", "transactions", "connections"] as const) await kysely.deleteFrom(table).execute();
  }
}

/** Opens one bench for the tests of a file and resets it before each test. */
export function openProviderBench(): () => ProviderBench {
  let opened: Awaited<ReturnType<typeof ProviderBench.open>> | undefined;
  const bench = () => {
    if (!opened) throw new Error("The bench is not open");
    return opened.bench;
  };
  beforeAll(async () => {
    opened = await ProviderBench.open();
  });
  beforeEach(() => bench().reset());
  afterEach(() => bench().settled());
  afterAll(() => opened?.close());
  return bench;
}
