import "server-only";
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import { DatabaseWatch, openDatabaseWatch, type DatabaseState } from "@/lib/http/database-watch";
import { isDueRarely, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import { isShuttingDown } from "@/lib/http/shutdown";
import { getDatabase, type Database } from "@/lib/stores/database";
import { MIGRATION_NAMES } from "@/lib/stores/migrate";
import { rightsMissing } from "@/lib/stores/rights";

/** Reads a session, as every page does, and tells if every migration has been applied. One statement. */
async function readMigrated({ kysely }: Database): Promise<boolean> {
  const { rows } = await sql<{ applied: number }>`
    select
      (select count(*) from kysely_migration where name in (${sql.join(MIGRATION_NAMES)})) as applied,
      (select count(*) from (select id_hash from sessions limit 1) as some_session) as readable`.execute(kysely);
  return Number(rows[0]?.applied) === MIGRATION_NAMES.length;
}

/** Writes that wait at the same time: each holds one of the pool's connections. */
const MOST_WAITING = 2;

/** Writes the probe's row, or waits for the writes of earlier probes where too many of them wait already. */
async function writeSparely(database: Database): Promise<unknown> {
  const all = processGlobal("database-writes", () => new WeakMap<Database, Set<Promise<void>>>());
  const waiting = all.get(database) ?? new Set();
  all.set(database, waiting);
  if (waiting.size >= MOST_WAITING) return Promise.race(waiting);
  const written = writeProbeRow(database, Date.now());
  waiting.add(written);
  return written.finally(() => waiting.delete(written));
}

/** The row of this process. Several that wrote the same one would wait for each other's commits, and each would take that for an outage. */
function ownRow(): string {
  return processGlobal("readiness-row", () => `readiness ${randomUUID()}`);
}

/** Writes and commits one row, the same one each time. It is among the counts of uses, whose old rows are swept. */
export async function writeProbeRow({ kysely }: Database, now: number): Promise<void> {
  await kysely
    .insertInto("rates")
    .values({ key: ownRow(), window_start: now, count: 1 })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ window_start: now }))
    .execute();
}

/** The rights of each database's user, as far as they are known: they are asked for until all are there, and then never again. */
interface Rights {
  complete: WeakSet<Database>;
  /** What the log has last said to be missing. */
  told: WeakMap<Database, string>;
}

/** False if the app's user lacks rights, which otherwise shows only where they are needed: a permit writes tables that no page reads. */
async function hasRights(database: Database): Promise<boolean> {
  const { complete, told } = processGlobal<Rights>("database-rights", () => ({
    complete: new WeakSet(),
    told: new WeakMap(),
  }));
  if (complete.has(database)) return true;
  const missing = (await rightsMissing(database)).join("; ");
  if (missing === "") {
    complete.add(database);
    return true;
  }
  if (told.get(database) !== missing) requestLog("-").error("database.rights-missing", { call: missing });
  told.set(database, missing);
  return false;
}

/**
 * What this process's database can do now. A read-only or full one can be read and not written. A replica, a server without a free connection
 * and a file that another process keeps locked show here too.
 */
export async function probeDatabase(
  open: () => Promise<Database> = getDatabase,
  onRead: () => void = () => undefined,
): Promise<DatabaseState> {
  let isReadable = false;
  try {
    const database = await open();
    const isMigrated = await readMigrated(database);
    isReadable = true;
    onRead();
    if (!isMigrated || !(await hasRights(database))) return { readable: true, ready: false };
    await writeSparely(database);
    return { readable: true, ready: true };
  } catch {
    return { readable: isReadable, ready: false };
  }
}

/** A server that ends closes its database, and is not ready whatever the database can do. */
function logChange(ready: boolean): void {
  if (ready) requestLog("-").info("database.ready");
  else if (!isShuttingDown()) requestLog("-").error("database.not-ready");
}

/** Measures this process: the share of the time since now in which its event loop was busy. */
function measureLoad(): () => number {
  const before = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization(before).utilization;
}

/** A page is not held up on a serverless host, where a process is frozen between requests and knows nothing newer (milliseconds). */
const TRUSTED_MS = { server: 1_100, serverless: 30_000 };

/** Begins to watch this process's database, when somebody first asks. */
export function watchDatabase(): DatabaseWatch {
  const isServerless = Boolean(process.env.VERCEL);
  return openDatabaseWatch(
    () =>
      new DatabaseWatch((onRead) => probeDatabase(getDatabase, onRead), {
        now: () => performance.now(),
        trustedMs: isServerless ? TRUSTED_MS.serverless : TRUSTED_MS.server,
        measureLoad,
        onChange: logChange,
        onBusy: () => void (isDueRarely("server.busy") && requestLog("-").warn("server.busy")),
        ...(!isServerless && { later: (run, ms) => void setTimeout(run, ms).unref() }),
      }),
  );
}

/**
 * True if this server should get requests: its database can be read and written, has every migration and gives its user the rights to all tables, and
 * the server has not been told to end. The answer is at most a second old.
 */
export async function isReady(): Promise<boolean> {
  return !isShuttingDown() && (await watchDatabase().ready());
}
