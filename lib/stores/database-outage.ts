import "server-only";
import { databaseWatch } from "@/lib/http/database-watch";
import { errorFields } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

/** No room: a full disk, or no memory. A probe writes one row again and again, which needs neither. */
const NO_ROOM = /^(53[12]00|SQLITE_FULL)$/;

/**
 * The database is not there, has no room, or is read-only: SQLSTATE classes 08 and 53, a server that ends or begins (57P01 to 57P03),
 * and 25006, as this app has no read-only transactions of its own; https://www.postgresql.org/docs/current/errcodes-appendix.html. The names
 * are SQLite's.
 */
const OUTAGE = /^(08\w{3}|53(?!300)\w{3}|57P0[123]|25006|SQLITE_(FULL|READONLY|IOERR|CANTOPEN)\w*)$/;

/**
 * A statement waited too long, for a lock (55P03, SQLITE_BUSY) or as a whole (57014), it met another one (40001, 40P01: databases with a stricter
 * isolation), or there was no further connection (53300). One locked row says nothing about the rest, nor does a full server about the connections
 * that this process has: the probe tells.
 */
const BUSY = /^(55P03|57014|53300|40001|40P01|SQLITE_BUSY\w*)$/;

/**
 * Poolers have codes of their own for a connection that they cannot serve, or that they end: XX000 at Supavisor (Supabase) and at Neon's proxy,
 * 08P01 at PgBouncer, 58000 at PgCat. Without FATAL the same codes are the server's, about a statement.
 */
const OF_POOLERS = /^(XX000|08P01|58000)$/;

/** True if a pooler refuses or ends a connection. */
export function isOfPooler(error: unknown): boolean {
  return (
    error instanceof Error &&
    "severity" in error &&
    error.severity === "FATAL" &&
    OF_POOLERS.test(errorFields(error).errorCode ?? "")
  );
}

/** A full disk refuses some statements only, and nothing tells when it has room again: it counts for this long after each (milliseconds). */
const NO_ROOM_LASTS_MS = 10_000;

/** Errors of connections to the database. By its code alone, such an error could as well be an upstream's, such as ECONNREFUSED. */
function unanswered(): WeakSet<Error> {
  return processGlobal("database-unanswered", () => new WeakSet());
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Error && (unanswered().has(error) || isUnanswered(error.cause));
}

/** True if the database is not there, refuses by its own word, or is too slow: no bug, and nothing that the statement could do better. */
export function isDatabaseOutage(error: unknown): boolean {
  const code = errorFields(error).errorCode ?? "";
  return isUnanswered(error) || isOfPooler(error) || OUTAGE.test(code) || BUSY.test(code);
}

/** Tells this process's watch of an error of the database: a statement can meet an outage that no probe sees, or sees only later. */
export function noteDatabaseError(error: unknown): void {
  const code = errorFields(error).errorCode ?? "";
  // A pooler's word is about one connection, and a probe tells of the rest.
  if (OUTAGE.test(code) && !isOfPooler(error))
    databaseWatch()?.outageMet(NO_ROOM.test(code) ? NO_ROOM_LASTS_MS : undefined);
}

/**
 * Notes an error that is no answer of the server, whatever its code: there is no connection, or one has failed. A mistake in the program can
 * show here too, before anything is sent.
 */
export function noteUnanswered(error: unknown): void {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return;
  unanswered().add(error);
  databaseWatch()?.connectionFailed();
}
