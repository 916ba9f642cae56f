import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { deadlineIn, type Deadline } from "@/lib/http/deadline";
import type { LogFields } from "@/lib/http/log";
import type { Engine } from "@/lib/oauth/engine";
import type { Callback } from "@/lib/oauth/flow";
import type { Provider, TokenSet } from "@/lib/oauth/provider";
import { freshTokens } from "@/lib/oauth/refresh";
import { sonarProvider } from "@/lib/providers/sonar";
import { success, type Result } from "@/lib/result";
import type { StoredConnection } from "@/lib/stores/contracts";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { sha256 } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";
import {
  auditOn,
  emptyTables,
  instanceOn,
  type StorageEngine,
  type StoreInstance,
} from "@/tests/support/database/store-bench";
import { accessToken, startTokenServer, type TokenServer } from "@/tests/support/oauth/token-server";

/** One instance of the app: its stores, and the engine over them. */
export interface EngineInstance extends StoreInstance {
  engine: Engine;
}

interface LogLine extends LogFields {
  level: "info" | "warn" | "error";
  event: string;
}

/** The access token in an answer of `freshTokens`, or the code of its failure. */
export function accessTokenOf(result: Result<StoredConnection>): string {
  return result.ok ? result.data.tokens.accessToken : result.error.code;
}

/** Longer than any step of a test, unless the time limit is the subject. */
const TIME_LIMIT_MS = 20_000;

/** Two instances of the app on one database, and Sonar's token endpoints. Tests get it from `useEngineBench`. */
export class EngineBench {
  /** The clock of both instances runs, this many milliseconds ahead of the real one. */
  readonly clock = { ahead: 0 };
  readonly log: LogLine[] = [];
  /** Tokens that the provider was asked to revoke. Sonar itself has no revocation. */
  readonly revoked: TokenSet[] = [];
  private readonly work: Promise<unknown>[] = [];
  private readonly now = () => Date.now() + this.clock.ahead;
  private readonly instances: EngineInstance[] = [];

  private constructor(readonly server: TokenServer) {}

  /** Opens a bench on a new database. */
  static async open(storage: StorageEngine): Promise<{ bench: EngineBench; close: () => Promise<void> }> {
    const place = await storage.newPlace();
    const bench = new EngineBench(await startTokenServer());
    const keys = [encryptionKey()];
    for (let instance = 0; instance < 2; instance++) {
      const stores = instanceOn(await openDatabase(place.url), keys, bench.now);
      await migrate(stores.database.kysely);
      bench.instances.push({ ...stores, engine: bench.engineOver(stores) });
    }
    const close = async () => {
      await Promise.all(bench.instances.map(({ database }) => database.kysely.destroy()));
      await bench.server.close();
      place.remove();
    };
    return { bench, close };
  }

  get one(): EngineInstance {
    return this.instance(0);
  }

  get other(): EngineInstance {
    return this.instance(1);
  }

  get provider(): Provider {
    const urls = { redirectUri: "http://localhost:3000/oauth/callback", frontendUrl: "https://app.example.com" };
    const ids = { clientUUID: "client-uuid", saleUUID: "sale-uuid" };
    const sonar = sonarProvider({ ...ids, ...urls, apiUrl: this.server.origin }, this.now);
    const revoke = (tokens: TokenSet) => {
      this.revoked.push(tokens);
      return Promise.resolve(success({ revoked: true }));
    };
    return { ...sonar, oauth: { ...sonar.oauth, revoke } };
  }

  /** A deadline after an action's usual time limit, or after the given time. */
  deadline(ms = TIME_LIMIT_MS): Deadline {
    return deadlineIn(ms);
  }

  async signIn(userId: string): Promise<Pick<Callback, "userId" | "sessionIdHash">> {
    const sessionIdHash = sha256(`session of ${userId}`);
    const { sessions } = this.one;
    if (!(await sessions.read(sessionIdHash))) await sessions.create(sessionIdHash, userId);
    return { userId, sessionIdHash };
  }

  /** Connects a user with tokens that last for `seconds`; negative: that expired so long ago. */
  async connected(userId: string, seconds: number, changes: Partial<TokenSet> = {}): Promise<StoredConnection> {
    const { sessionIdHash } = await this.signIn(userId);
    const expiresAt = Math.floor(this.now() / 1_000) + seconds;
    const tokens = { accessToken: accessToken("canary"), refreshToken: "canary-refresh-0", expiresAt, ...changes };
    await this.one.tokens.set({ provider: "sonar", userId }, tokens, sessionIdHash);
    const connection = await this.stored(userId);
    if (!connection) throw new Error("The connection was not stored");
    return connection;
  }

  stored(userId: string): Promise<StoredConnection | null> {
    return this.other.tokens.get({ provider: "sonar", userId });
  }

  /** The tokens for a call by "ada". */
  fresh(instance: EngineInstance, options: { waitMs?: number; provider?: Provider } = {}) {
    const provider = options.provider ?? this.provider;
    return freshTokens({ engine: instance.engine, provider, userId: "ada", deadline: this.deadline(options.waitMs) });
  }

  /** Waits until the work that continues after an answer is done. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.work.splice(0));
  }

  /** Removes all rows, requests and log lines. */
  async reset(): Promise<void> {
    this.server.reset();
    this.clock.ahead = 0;
    for (const { engine } of this.instances) {
      engine.timeoutMs = TIME_LIMIT_MS;
      engine.refreshes.clear();
      engine.rejections.clear();
    }
    this.revoked.length = 0;
    this.log.length = 0;
    await emptyTables(this.one.database);
  }

  private instance(index: number): EngineInstance {
    const instance = this.instances[index];
    if (!instance) throw new Error("The bench is not open");
    return instance;
  }

  private engineOver({ tokens, transactions, database }: StoreInstance): Engine {
    const write = (level: LogLine["level"]) => (event: string, fields?: LogFields) =>
      void this.log.push({ level, event, ...fields });
    const log = { info: write("info"), warn: write("warn"), error: write("error") };
    const keepAlive = (work: Promise<unknown>) => void this.work.push(work);
    return {
      tokens,
      oauthRequests: transactions,
      now: this.now,
      timeoutMs: TIME_LIMIT_MS,
      keepAlive,
      refreshes: new Map(),
      rejections: new Map(),
      log,
      audit: auditOn(database, { log, now: this.now, keepAlive }),
    };
  }
}

/** Opens one bench for the tests of a describe block and resets it before each test. */
export function useEngineBench(storage: StorageEngine): () => EngineBench {
  let opened: Awaited<ReturnType<typeof EngineBench.open>> | undefined;
  const bench = () => {
    if (!opened) throw new Error("The bench is not open");
    return opened.bench;
  };
  beforeAll(async () => {
    opened = await EngineBench.open(storage);
  });
  beforeEach(() => bench().reset());
  afterEach(() => bench().settled());
  afterAll(() => opened?.close());
  return bench;
}
