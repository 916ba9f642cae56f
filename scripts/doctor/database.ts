import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { sql } from "kysely";
import { isNearby } from "@/lib/config/database-url";
import { errorFields } from "@/lib/http/log";
import { withTimeout } from "@/lib/http/deadline";
import { openDatabase, type Database } from "@/lib/stores/database";
import { databaseRemedy, PRIVATE_AUTHORITY, TOO_SLOW, VERIFIED } from "@/lib/stores/database-remedies";
import { isMigrated } from "@/lib/stores/migrate";
import { readOnlyConnections, trialFindings } from "@/scripts/doctor/database-trial";
import { databasePlace, readServer, type Server } from "@/scripts/database-place";
import { fix, note, ok, type ClockReading, type Examined, type Finding } from "@/scripts/doctor/finding";
import { DAMAGE_REMEDY, sqliteDamage } from "@/scripts/sqlite-file";

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

interface Options {
  now: () => number;
  patienceMs: number;
  /** True if the app migrates when it starts. */
  migratesAtStart: boolean;
}

/** What is known of a database that has answered. */
interface Answer {
  migrated: boolean;
  readOnly: "none" | "some" | "all";
  clock: ClockReading;
}

/** Undefined: no answer in time. */
async function ask(database: Database, { now, patienceMs }: Options): Promise<Answer | undefined> {
  const asked = (async () => ({
    migrated: await isMigrated(database.kysely),
    readOnly: await readOnlyConnections(database),
    clock: await clockOf(database, now),
  }))();
  return withTimeout(patienceMs, asked);
}

const NO_WRITES = {
  all: "but it takes no writes: it is read-only, or a replica. Name the primary server, or end the fail-over or the write block.",
  some: "but some of its connections take no writes: a pooler keeps those of before a fail-over or a write block. Have it make new ones (PgBouncer: RECONNECT at its console, or a restart).",
};

const UNREADABLE =
  "cannot be read as a Postgres URL. Percent-encode special characters in user and password, and check that every file it names exists.";

function migrationFinding(subject: string, reached: string, migrated: boolean, migratesAtStart: boolean): Finding {
  if (migrated) return ok(subject, `${reached}, and migrated.`);
  return migratesAtStart
    ? ok(subject, `${reached}; it lacks migrations, which the app applies when it starts.`)
    : fix(subject, `${reached}, but it lacks migrations. Run \`npm run db:migrate\`, or set MIGRATE_ON_START=1.`);
}

/** Migrations alone use the direct connection: what the app does is tried on its own. */
async function judge(subject: string, database: Database, { reached, isOfApp, ...options }: Options & Judged) {
  const answer = await ask(database, options);
  if (!answer) return { findings: [fix(subject, TOO_SLOW)] };
  const { migrated, readOnly, clock } = answer;
  if (readOnly !== "none") return { findings: [fix(subject, `${reached}, ${NO_WRITES[readOnly]}`)], clocks: [clock] };
  const { patienceMs } = options;
  const tried = isOfApp && migrated ? await trialFindings(database, { subject, reached, patienceMs }) : [];
  const state = migrationFinding(subject, reached, migrated, options.migratesAtStart);
  return { findings: tried.some(({ level }) => level === "fix") ? tried : [state, ...tried], clocks: [clock] };
}

interface Judged {
  /** The beginning of what is said about a database that answers. */
  reached: string;
  isOfApp: boolean;
}

async function examineServer(
  subject: string,
  url: string,
  { server, ...options }: Options & Pick<Judged, "isOfApp"> & { server: Server },
): Promise<Examined> {
  const reached = server.encryption === "none" ? "reached" : "reached over TLS";
  try {
    const database = await openDatabase(url, { queryTimeoutMs: options.patienceMs });
    const closed = () => withTimeout(1_000, database.kysely.destroy());
    return await judge(subject, database, { ...options, reached }).finally(closed);
  } catch (error) {
    return { findings: [fix(subject, databaseRemedy(error))] };
  }
}

async function examinePostgres(variable: string, url: string, options: Options): Promise<Examined> {
  const server = readServer(url);
  if (!server) return { findings: [fix(variable, UNREADABLE)] };
  const remark = encryptionFinding(variable, server);
  const { findings, clocks } = await examineServer(`${variable} (${server.place})`, url, {
    ...options,
    server,
    isOfApp: variable !== "DATABASE_DIRECT_URL",
  });
  return { findings: remark ? [remark, ...findings] : findings, clocks };
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function trySqlite(subject: string, file: string, patienceMs: number): Promise<Finding[]> {
  const database = await openDatabase(`file:${file}`);
  try {
    if (!(await isMigrated(database.kysely)))
      return [ok(subject, "the SQLite file can be read, and the app migrates it when it starts.")];
    const found = await trialFindings(database, { subject, reached: "the SQLite file is there", patienceMs });
    return found.length > 0 ? found : [ok(subject, "the SQLite file can be read and written, and migrated.")];
  } finally {
    await database.kysely.destroy();
  }
}

/** Does not open a file that is not there, since that would make it. */
async function examineSqlite(subject: string, path: string, patienceMs: number): Promise<Finding[]> {
  const file = resolve(path);
  if (path === ":memory:") return [note(subject, "is kept in memory: everybody is signed out at a restart.")];
  if (!(await isAllowed(file, constants.F_OK))) return [ok(subject, "the app makes the SQLite file when it starts.")];
  const isWritable = (await isAllowed(file, constants.W_OK)) && (await isAllowed(dirname(file), constants.W_OK));
  if (!isWritable)
    return [fix(subject, "the SQLite file or its folder cannot be written by this user. Correct the rights.")];
  try {
    // A malformed file may still take the rows of the trial.
    const damage = await sqliteDamage(file, "quick_check");
    if (damage === undefined) return await trySqlite(subject, file, patienceMs);
    return [fix(subject, `the SQLite file is malformed: ${damage}. ${DAMAGE_REMEDY}`)];
  } catch (error) {
    return [fix(subject, `the SQLite file cannot be used (${errorFields(error).errorCode ?? "unknown error"}).`)];
  }
}

/** Checks one database: reach, encryption, migrations, clock. */
export async function examineDatabase(variable: string, url: string, options: Options): Promise<Examined> {
  if (!url.startsWith("file:")) return examinePostgres(variable, url, options);
  const subject = `${variable} (${databasePlace(url)})`;
  return { findings: await examineSqlite(subject, url.slice("file:".length), options.patienceMs) };
}
