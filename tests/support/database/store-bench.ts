import { join } from "node:path";
import { auditFor, type Audit } from "@/lib/audit";
import { SqlPKCEStore } from "@/lib/pkce-store";
import { SqlConsentStore } from "@/lib/purchase/consent";
import type { ConsentStore, PKCEStore, SessionStore, TokenStore } from "@/lib/stores/contracts";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { createSealer } from "@/lib/stores/seal";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";
import { SqlTokenStore } from "@/lib/token-store";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { createDatabase } from "@/tests/support/database/databases";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** The stores of one instance of the app. */
export interface StoreInstance {
  database: Database;
  sessions: SessionStore;
  tokens: TokenStore;
  transactions: PKCEStore;
  consents: ConsentStore;
}

/** Stores to test: two instances of the app on one database, and their clock. */
export interface StoreBench {
  clock: { now: number };
  one: StoreInstance;
  /** The same instance as `one` where the database cannot be shared. */
  other: StoreInstance;
  close(): Promise<void>;
}

/** A database's URL, and the function that removes it. */
interface Place {
  url: string;
  remove(): void;
}

/** A kind of database that the app promises to run on. */
export interface StorageEngine {
  name: string;
  newPlace(): Promise<Place>;
}

const nothing = () => undefined;

const memory: StorageEngine = {
  name: "SQLite in memory",
  newPlace: () => Promise.resolve({ url: "file::memory:", remove: nothing }),
};

/** A SQLite file in a folder of its own. */
export const sqliteFile: StorageEngine = {
  name: "a SQLite file",
  newPlace() {
    const folder = temporaryFolder();
    return Promise.resolve({ url: `file:${join(folder.path, "app.db")}`, remove: folder.remove });
  },
};

/** A new database on the run's PostgreSQL. */
export const postgres: StorageEngine = {
  name: "Postgres",
  newPlace: async () => ({ url: await createDatabase(), remove: nothing }),
};

/** Engines that several instances can share. */
export const sharedEngines: readonly StorageEngine[] = [sqliteFile, postgres];

/** All engines. */
export const storageEngines: readonly StorageEngine[] = [memory, ...sharedEngines];

/** The time of a bench's clock. It differs from the real time, so that code which uses the real clock by mistake fails. */
export const BENCH_TIME = Date.UTC(2030, 0, 1);

/** Opens two instances on a new database. */
export async function openStoreBench(engine: StorageEngine): Promise<StoreBench> {
  const { url, remove } = await engine.newPlace();
  const clock = { now: BENCH_TIME };
  const keys = [encryptionKey()];
  const open = async () => instanceOn(await openDatabase(url), keys, () => clock.now);
  const one = await open();
  await migrate(one.database.kysely);
  const other = engine === memory ? one : await open();
  const close = async () => {
    await one.database.kysely.destroy();
    if (other !== one) await other.database.kysely.destroy();
    remove();
  };
  return { clock, one, other, close };
}

/** The stores of one instance on an open database. */
export function instanceOn(database: Database, keys: readonly string[], now: () => number): StoreInstance {
  const sealer = createSealer(keys);
  return {
    database,
    sessions: new SqlSessionStore(database, now),
    tokens: new SqlTokenStore(database, sealer, now),
    transactions: new SqlPKCEStore(database, sealer, now),
    consents: new SqlConsentStore(database, now),
  };
}

/** The audit table as a request has it, without an address. */
export function auditOn(
  database: Database,
  { log, now, keepAlive }: Pick<Parameters<typeof auditFor>[0], "log" | "now" | "keepAlive">,
): Audit {
  return auditFor({ database, requestId: "-", address: "", days: 365, log, now, keepAlive });
}

/** Empties every table, so that a test finds only what it has put there. */
export async function emptyTables({ kysely }: Database): Promise<void> {
  await kysely.deleteFrom("sessions").execute();
  await kysely.deleteFrom("transactions").execute();
  await kysely.deleteFrom("connections").execute();
  await kysely.deleteFrom("rates").execute();
  await kysely.deleteFrom("consents").execute();
  await kysely.deleteFrom("entity_consents").execute();
  await kysely.deleteFrom("audit").execute();
  await kysely.deleteFrom("settings").execute();
}
