import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errorFields } from "@/lib/http/log";

/** Milliseconds that a statement waits while another process keeps the file locked. */
const PATIENCE_MS = 5_000;

/** Kysely keeps it in every database that the app has migrated. */
const TABLE_OF_APP = "kysely_migration";

async function openFile(file: string) {
  // Loaded here, so that the commands of a site on Postgres do without its binary.
  const { default: Libsql } = await import("libsql");
  return new Libsql(file, { timeout: PATIENCE_MS });
}

/** An error's code, of SQLite or of the system. */
const codeOf = (error: unknown): string => errorFields(error).errorCode ?? "unknown error";

const isDamage = (code: string) => /^SQLITE_(CORRUPT|NOTADB)/.test(code);

/** The first fault that SQLite finds in a file; undefined for none. */
export async function sqliteDamage(
  file: string,
  /** The full check compares every index with its table, and takes several times as long. */
  check: "quick_check" | "integrity_check",
): Promise<string | undefined> {
  const database = await openFile(file);
  try {
    const [result] = database.prepare(`pragma ${check}(1)`).raw().all() as string[][];
    const fault = result?.[0] ?? "no answer";
    return fault === "ok" ? undefined : fault.replace(/\s+/g, " ");
  } catch (error) {
    if (isDamage(codeOf(error))) return codeOf(error);
    throw error;
  } finally {
    database.close();
  }
}

/** The remedy for a file in which SQLite has found a fault. */
export const DAMAGE_REMEDY = 'Stop the site and restore a backup ("Backup and restore" in docs/operation.md).';

/** True for a link that leads nowhere, too; what keeps from looking also keeps from making the file, which says why. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isThereText(path: string): string {
  return `${path} is there already, and was not changed. Name a new file.`;
}

/** What is said of a file that could not be made. */
function makingProblem(part: string, code: string): string {
  if (code === "EEXIST")
    return `${part} is there: another backup to this file is being made, or was interrupted. If none is being made, delete it.`;
  if (/^ENO(ENT|TDIR)$/.test(code)) return `there is no folder ${dirname(part)}. Make it, or correct the path.`;
  if (/^(EACCES|EPERM|EROFS)$/.test(code))
    return `this user cannot write to the folder ${dirname(part)}. Correct its rights, or name another one. (${code})`;
  return copyingProblem(part, code);
}

/** What is said of a copy that was begun and has failed. */
function copyingProblem(part: string, code: string): string {
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return `another process keeps the database locked. End that one, or wait for it. (${code})`;
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code))
    return `the disk of ${dirname(part)} did not take the copy: it is full. Free space there, or name a file on another disk. (${code})`;
  if (code.startsWith("SQLITE_IOERR"))
    return `a disk refused: that of ${dirname(part)} may be over a quota, or one of the two is faulty. Name a file on another disk. (${code})`;
  if (isDamage(code)) return `the database is malformed (${code}). ${DAMAGE_REMEDY}`;
  return `the copy could not be made (${code}). Check both files and their disks.`;
}

/** Makes the file before SQLite does: from its first byte on, nobody else may read it. */
function makePrivate(part: string): void {
  try {
    closeSync(openSync(part, "wx", 0o600));
  } catch (error) {
    throw new Error(makingProblem(part, codeOf(error)), { cause: error });
  }
}

/** To an empty file, SQLite writes without changing its mode. */
async function vacuumInto(from: string, part: string): Promise<void> {
  const database = await openFile(from);
  try {
    const tables = database.prepare("select 1 from sqlite_master where name = ?").all(TABLE_OF_APP);
    if (tables.length === 0) throw new Error(`${from} has none of the site's tables. Correct DATABASE_URL.`);
    database.prepare("vacuum into ?").run(part);
  } finally {
    database.close();
  }
}

/** Only what is on the disk counts as done. */
function flush(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function fill(from: string, part: string): Promise<void> {
  await vacuumInto(from, part);
  const damage = await sqliteDamage(part, "integrity_check");
  if (damage !== undefined)
    throw new Error(`the database is malformed, and so was its copy: ${damage}. ${DAMAGE_REMEDY}`);
  flush(part);
}

/**
 * Copies a SQLite database, also while it is written: each transaction is in the copy wholly or not at all. Copying the file and its `-wal` instead
 * makes a malformed one as soon as SQLite moves pages from one to the other meanwhile. Until the copy is complete and checked, its name ends with
 * `.part`, so that a command that is killed leaves nothing that looks like a backup. Returns the size in bytes.
 */
export async function copySqlite(from: string, to: string): Promise<number> {
  if (isThere(to)) throw new Error(isThereText(to));
  const part = `${to}.part`;
  makePrivate(part);
  try {
    await fill(from, part);
    // Renaming would replace what somebody has put there meanwhile.
    if (isThere(to)) throw new Error(isThereText(to));
    renameSync(part, to);
  } catch (error) {
    for (const file of [part, `${part}-journal`]) rmSync(file, { force: true });
    const { errorCode } = errorFields(error);
    throw errorCode === undefined ? error : new Error(copyingProblem(part, errorCode), { cause: error });
  }
  return statSync(to).size;
}
