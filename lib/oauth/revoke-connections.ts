import "server-only";
import { deadlineIn } from "@/lib/http/deadline";
import type { Provider, ProviderId, TokenSet } from "@/lib/oauth/provider";
import type { ConnectionKey } from "@/lib/stores/contracts";
import type { Database } from "@/lib/stores/database";
import { afterConnection, type SqlTokenStore } from "@/lib/token-store";

/** The connections to revoke; with neither, all of them. */
export interface Selection {
  userId?: string;
  provider?: ProviderId;
}

/** A connection that is listed for the operator. */
export interface ListedConnection {
  provider: ProviderId;
  /** Milliseconds since 1970. */
  connectedAt: number;
}

/** The number of connections, by what became of them. All of them are deleted here. */
export interface Revoked {
  /** The provider has revoked the tokens. */
  upstream: number;
  /** The provider has no way to revoke, is not set up, or the tokens do not open. */
  deletedOnly: number;
  /** The provider refused or did not answer: the tokens stay valid there until they expire. */
  failed: number;
}

/** What is needed to revoke: the app's tables, its tokens, and its providers. */
export interface Revoker {
  database: Database;
  tokens: Pick<SqlTokenStore, "remove">;
  findProvider: (id: ProviderId) => Provider | undefined;
  /** Time limit of one revocation (milliseconds). */
  timeoutMs: number;
}

/** Connections that are deleted and revoked at the same time: a provider that hangs costs one time limit for all of them. */
const PIECE = 10;

/** A user's connections, without their tokens. */
export async function listConnections({ kysely }: Database, userId: string): Promise<ListedConnection[]> {
  const rows = await kysely
    .selectFrom("connections")
    .where("user_id", "=", userId)
    .orderBy("provider")
    .select(["provider", "connected_at"])
    .execute();
  return rows.map(({ provider, connected_at }) => ({ provider, connectedAt: connected_at }));
}

/** The next connections of a selection, in the order of their key. */
async function nextKeys({ kysely }: Database, { userId, provider }: Selection, last?: ConnectionKey) {
  let query = kysely.selectFrom("connections").select(["user_id as userId", "provider"]);
  if (userId !== undefined) query = query.where("user_id", "=", userId);
  if (provider !== undefined) query = query.where("provider", "=", provider);
  if (last) query = query.where((eb) => afterConnection(eb, last));
  return query.orderBy("user_id").orderBy("provider").limit(PIECE).execute();
}

async function revokeUpstream(tokens: TokenSet, id: ProviderId, revoker: Revoker): Promise<keyof Revoked> {
  const provider = revoker.findProvider(id);
  const answer = await provider?.oauth.revoke?.(tokens, deadlineIn(revoker.timeoutMs)).catch(() => undefined);
  if (!provider?.oauth.revoke) return "deletedOnly";
  if (!answer?.ok) return "failed";
  return answer.data.revoked ? "upstream" : "deletedOnly";
}

/**
 * Deletes one connection, and then revokes it: a refresh that runs meanwhile finds its version gone, writes nothing back, and revokes what it
 * got. Undefined: the user was faster.
 */
async function revokeOne(key: ConnectionKey, revoker: Revoker): Promise<keyof Revoked | undefined> {
  const tokens = await revoker.tokens.remove(key);
  if (tokens === undefined) return undefined;
  return tokens === null ? "deletedOnly" : revokeUpstream(tokens, key.provider, revoker);
}

/** Deletes the selected connections and revokes them at their providers where there is a way. Users can connect again. */
export async function revokeConnections(selection: Selection, revoker: Revoker): Promise<Revoked> {
  const counts: Revoked = { upstream: 0, deletedOnly: 0, failed: 0 };
  const { database } = revoker;
  for (
    let keys = await nextKeys(database, selection);
    keys.length > 0;
    keys = await nextKeys(database, selection, keys.at(-1))
  ) {
    const ends = await Promise.all(keys.map((key) => revokeOne(key, revoker)));
    for (const end of ends) if (end) counts[end] += 1;
  }
  return counts;
}
