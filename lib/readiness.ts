import "server-only";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated } from "@/lib/stores/migrate";

/** Whether the database answers and has every migration. */
export async function isReady(): Promise<boolean> {
  try {
    return await isMigrated((await getDatabase()).kysely);
  } catch {
    return false;
  }
}
