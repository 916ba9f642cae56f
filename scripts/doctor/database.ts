import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { sql } from "kysely";
import { isNearby } from "@/lib/config/database-url";
import { errorFields } from "@/lib/http/log";
import { withTimeout } from "@/lib/http/deadline";
import { openDatabase, type Database } from "@/lib/stores/database";
import { databaseRemedy, PRIVATE_AUTHORITY, TOO_SLOW, VERIFIED } from "@/lib/stores/database-remedies";
import { isMigrated } from "@/lib/stores/migrate";
import { databasePlace, readServer, type Server } from "@/scripts/database-place";
import { fix, note, ok, type ClockReading, type Examined, type Finding } from "@/scripts/doctor/finding";

/** The protection of a connection, as far as the URL decides it; nothing for one that needs no remark. */
export function encryptionFinding(variable: string, { host, encryption }: Server): Finding | undefined {
  if (encryption === "unchecked")
    return note(variable, `is encrypted, but the certificate of ${host} is not checked: prefer ${VERIFIED}.`);
  if (encryption === "checked" || isNearby(host)) return undefined;
  return fix(
    variable,
    `sends passwords and data to ${host} without encryption. Add ${VERIFIED} to the URL's query (${PRIVATE_AUTHORITY}).`,
  );
}

async function clockOf({ kysely }: Database, now: () => number): Promise<ClockReading> {
  const before = now();
  const { rows } = await sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::int8 as ms`.execute(
    kysely,
  );
  // The server read its clock between the question and the answer.
  return { of: "the database", offset: (rows[0]?.ms ?? before) - (before + now()) / 2 };
}

/** True for a replica, and for a database that its operator or a fail-over has made read-only: sessions and tokens cannot be stored there. */
async function isReadOnly({ kysely }: Database): Promise<boolean> {
  const { rows } = await sql<{ only: string }>`select current_setting('transaction_read_only') as only`.execute(kysely);
  return rows[0]?.only === "on";
}

interface Options {
  now: () => number;
  patienceMs: number;
  /** True if the app migrates when it starts. */
  migratesAtStart: boolean;
}

async function askPostgres(url: string, { now, patienceMs }: Options) {
  const database = await openDatabase(url, { queryTimeoutMs: patienceMs });
  const closed = () => withTimeout(1_000, database.kysely.destroy());
  const asked = (async () => ({
    migrated: await isMigrated(database.kysely),
    readOnly: await isReadOnly(database),
    clock: await clockOf(database, now),
  }))();
  return withTimeout(patienceMs, asked).finally(closed);
}

const NO_WRITES =
  "but it takes no writes: it is read-only, or a replica. Name the primary server, or end the fail-over or the write block.";

const UNREADABLE =
  "cannot be read as a Postgres URL. Percent-encode special characters in user and password, and check that every file it names exists.";

function migrationFinding(subject: string, reached: string, migrated: boolean, migratesAtStart: boolean): Finding {
  if (migrated) return ok(subject, `${reached}, and migrated.`);
  return migratesAtStart
    ? ok(subject, `${reached}; it lacks migrations, which the app applies when it starts.`)
    : fix(subject, `${reached}, but it lacks migrations. Run \`npm run db:migrate\`, or set MIGRATE_ON_START=1.`);
}

async function examineServer(subject: string, url: string, server: Server, options: Options): Promise<Examined> {
  try {
    const answer = await askPostgres(url, options);
    if (!answer) return { findings: [fix(subject, TOO_SLOW)] };
    const reached = server.encryption === "none" ? "reached" : "reached over TLS";
    if (answer.readOnly) return { findings: [fix(subject, `${reached}, ${NO_WRITES}`)], clocks: [answer.clock] };
    const state = migrationFinding(subject, reached, answer.migrated, options.migratesAtStart);
    return { findings: [state], clocks: [answer.clock] };
  } catch (error) {
    return { findings: [fix(subject, databaseRemedy(error))] };
  }
}

async function examinePostgres(variable: string, url: string, options: Options): Promise<Examined> {
  const server = readServer(url);
  if (!server) return { findings: [fix(variable, UNREADABLE)] };
  const remark = encryptionFinding(variable, server);
  const { findings, clocks } = await examineServer(`${variable} (${server.place})`, url, server, options);
  return { findings: remark ? [remark, ...findings] : findings, clocks };
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Does not open a file that is not there, since that would make it. */
async function examineSqlite(subject: string, path: string): Promise<Finding> {
  const file = resolve(path);
  if (path === ":memory:") return note(subject, "is kept in memory: everybody is signed out at a restart.");
  if (!(await isAllowed(file, constants.F_OK))) return ok(subject, "the app makes the SQLite file when it starts.");
  const isWritable = (await isAllowed(file, constants.W_OK)) && (await isAllowed(dirname(file), constants.W_OK));
  if (!isWritable)
    return fix(subject, "the SQLite file or its folder cannot be written by this user. Correct the rights.");
  const { kysely } = await openDatabase(`file:${path}`);
  try {
    const state = (await isMigrated(kysely)) ? "and migrated" : "and the app migrates it when it starts";
    return ok(subject, `the SQLite file can be read and written, ${state}.`);
  } catch (error) {
    return fix(subject, `the SQLite file cannot be used (${errorFields(error).errorCode ?? "unknown error"}).`);
  } finally {
    await kysely.destroy();
  }
}

/** Checks one database: reach, encryption, migrations, clock. */
export async function examineDatabase(variable: string, url: string, options: Options): Promise<Examined> {
  if (!url.startsWith("file:")) return examinePostgres(variable, url, options);
  return { findings: [await examineSqlite(`${variable} (${databasePlace(url)})`, url.slice("file:".length))] };
}
