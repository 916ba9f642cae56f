import type { TokenSet } from "@/lib/oauth/provider";
import type { ConnectionKey, TokenStore } from "@/lib/stores/contracts";
import type { Database } from "@/lib/stores/database";

/** An app's database, and the store that reads the tokens in it. */
export interface AppStore {
  database: Database;
  tokens: TokenStore;
}

/** Who is connected, as the table has it. */
export async function storedConnections({ database }: Pick<AppStore, "database">): Promise<ConnectionKey[]> {
  const rows = await database.kysely.selectFrom("connections").select(["provider", "user_id"]).execute();
  return rows.map(({ provider, user_id: userId }) => ({ provider, userId }));
}

/** Changes the tokens of everybody who is connected. */
async function rewriteTokens(store: AppStore, change: (tokens: TokenSet) => TokenSet): Promise<void> {
  for (const key of await storedConnections(store)) {
    const stored = await store.tokens.get(key);
    if (!stored) throw new Error("A stored connection does not open");
    await store.tokens.replace(key, stored.version, change(stored.tokens));
  }
}

/** As if every access token had run out; nobody has to wait for it. */
export function outdateTokens(store: AppStore): Promise<void> {
  return rewriteTokens(store, (tokens) => ({ ...tokens, expiresAt: Math.floor(Date.now() / 1_000) - 1 }));
}

/** As if every access token were about to run out: still good, and due for a refresh. */
export function nearlyOutdateTokens(store: AppStore): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  return rewriteTokens(store, (tokens) => ({ ...tokens, obtainedAt: now - 3_600, expiresAt: now + 30 }));
}
