import "server-only";
import { getEnv } from "@/lib/env";
import { createSealer } from "@/lib/seal";
import type { PKCEStore } from "@/lib/stores/contracts";
import { getDatabase } from "@/lib/stores/database";
import { SqlPKCEStore } from "@/lib/stores/sql-pkce-store";

/** This app's PKCE store. */
export async function getPKCEStore(): Promise<PKCEStore> {
  return new SqlPKCEStore(await getDatabase(), createSealer(getEnv().tokenEncryptionKeys));
}
