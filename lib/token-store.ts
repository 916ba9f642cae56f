import "server-only";
import { getEnv } from "@/lib/env";
import type { TokenSet } from "@/lib/oauth/provider";
import { createSealer } from "@/lib/seal";
import type { TokenStore } from "@/lib/stores/contracts";
import { getDatabase } from "@/lib/stores/database";
import { SqlTokenStore } from "@/lib/stores/sql-token-store";

/**
 * The guide's name for the tokens of one connection.
 * @public
 */
export type SonarTokens = TokenSet;

/** This app's token store. A fork that keeps tokens elsewhere changes this one function (and passes the contract suite). */
export async function getTokenStore(): Promise<TokenStore> {
  return new SqlTokenStore(await getDatabase(), createSealer(getEnv().tokenEncryptionKeys));
}
