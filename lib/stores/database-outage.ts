import "server-only";
import { databaseWatch } from "@/lib/http/database-watch";
import { errorFields } from "@/lib/http/log";

/** No room: a full disk, or no memory. A probe writes one row again and again, which needs neither. */
const NO_ROOM = /^(53[12]00|SQLITE_FULL)$/;

/**
 * The database is not there, takes no connection, or is read-only: SQLSTATE classes 08 and 53, a server that ends or begins (57P01 to 57P03),
 * and 25006, as this app has no read-only transactions of its own; https://www.postgresql.org/docs/current/errcodes-appendix.html. The names
 * are SQLite's.
 */
const OUTAGE = /^(08\w{3}|53\w{3}|57P0[123]|25006|SQLITE_(FULL|READONLY|IOERR|CANTOPEN)\w*)$/;

/** A full disk refuses some statements only, and nothing tells when it has room again: it counts for this long after each (milliseconds). */
const NO_ROOM_LASTS_MS = 10_000;

/** True if an error is an outage of the database, by its own word: no bug, and nothing that the statement could do better. */
export function isDatabaseOutage(error: unknown): boolean {
  return OUTAGE.test(errorFields(error).errorCode ?? "");
}

/** Tells this process's watch of an error of the database: a statement can meet an outage that no probe sees, or sees only later. */
export function noteDatabaseError(error: unknown): void {
  if (!isDatabaseOutage(error)) return;
  databaseWatch()?.outageMet(NO_ROOM.test(errorFields(error).errorCode ?? "") ? NO_ROOM_LASTS_MS : undefined);
}
