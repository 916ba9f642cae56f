import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

const TRIES = 20;
const PAUSE_MS = 100;

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message);
}

/**
 * Does `work` again while it fails on a lock of SQLite, for two seconds beside the time it takes itself. The busy timeout is not enough: where
 * waiting could be a deadlock, SQLite refuses at once (https://sqlite.org/c3ref/busy_handler.html), and two processes that open a new
 * file together meet just that.
 */
export async function untilUnlocked<T>(
  work: () => T | Promise<T>,
  pause: () => unknown = () => sleep(PAUSE_MS),
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isLocked(error)) throw error;
    }
    await pause();
  }
}
