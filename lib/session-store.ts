import "server-only";
import type { SessionStore } from "@/lib/stores/contracts";
import { getDatabase } from "@/lib/stores/database";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";

/** This app's session store. */
export async function getSessionStore(): Promise<SessionStore> {
  return new SqlSessionStore(await getDatabase());
}
