import "server-only";
import { sql, type ExpressionBuilder, type StringReference } from "kysely";
import { contextOf as verifierContext } from "@/lib/pkce-store";
import type { ConnectionKey } from "@/lib/stores/contracts";
import type { Database, Schema } from "@/lib/stores/database";
import { keyIdOf, type Sealer } from "@/lib/stores/seal";
import { afterConnection, contextOf as tokensContext } from "@/lib/token-store";

/** The length of "v1.", the key's id and a dot. */
const PREFIX_LENGTH = 12;

/** Rows that are read at once. Each is written by a statement of its own, so that nobody waits, and a killed command loses nothing. */
const PIECE = 100;

/** An instance may refresh a row while it is re-sealed; what it wrote is looked at again, up to this many times. */
const MOST_PASSES = 5;

/** The first characters of a sealed text. No pattern: a key's id may contain "_", which LIKE reads as any character. */
function prefixIn<Table extends keyof Schema>(
  eb: ExpressionBuilder<Schema, Table>,
  column: StringReference<Schema, Table>,
) {
  return eb.fn<string>("substr", [column, sql.lit(1), sql.lit(PREFIX_LENGTH)]);
}

/** A text that another key than the first has sealed. */
interface SealedText {
  sealed: string;
  /** See `Sealer`. */
  context: string;
  /** Writes `fresh` if the text is still the one that was read. `false`: it was refreshed, used or deleted meanwhile. */
  replace(fresh: string): Promise<boolean>;
}

type Piece = readonly SealedText[];

/**
 * The connections. A re-sealed row keeps its version: a refresh that runs meanwhile names the version, and would otherwise lose the only valid
 * tokens.
 */
async function* connectionPieces({ kysely }: Database, prefix: string): AsyncGenerator<Piece> {
  const next = (last?: ConnectionKey) => {
    const others = kysely
      .selectFrom("connections")
      .select(["user_id as userId", "provider", "sealed_tokens"])
      .where((eb) => eb(prefixIn(eb, "sealed_tokens"), "<>", prefix));
    const rest = last ? others.where((eb) => afterConnection(eb, last)) : others;
    return rest.orderBy("user_id").orderBy("provider").limit(PIECE).execute();
  };
  for (let rows = await next(); rows.length > 0; rows = await next(rows.at(-1))) {
    yield rows.map(({ userId, provider, sealed_tokens }) => ({
      sealed: sealed_tokens,
      context: tokensContext({ userId, provider }),
      async replace(fresh) {
        const { numUpdatedRows } = await kysely
          .updateTable("connections")
          .where("user_id", "=", userId)
          .where("provider", "=", provider)
          .where("sealed_tokens", "=", sealed_tokens)
          .set({ sealed_tokens: fresh })
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      },
    }));
  }
}

/** The verifiers of connections that are being made. */
async function* verifierPieces({ kysely }: Database, prefix: string): AsyncGenerator<Piece> {
  const next = (last = "") =>
    kysely
      .selectFrom("transactions")
      .select(["state_hash", "provider", "user_id", "sealed_verifier"])
      .where((eb) => eb(prefixIn(eb, "sealed_verifier"), "<>", prefix))
      .where("state_hash", ">", last)
      .orderBy("state_hash")
      .limit(PIECE)
      .execute();
  for (let rows = await next(); rows.length > 0; rows = await next(rows.at(-1)?.state_hash)) {
    yield rows.map(({ state_hash, provider, user_id, sealed_verifier }) => ({
      sealed: sealed_verifier ?? "",
      context: verifierContext(state_hash, { provider, userId: user_id }),
      async replace(fresh) {
        const { numUpdatedRows } = await kysely
          .updateTable("transactions")
          .where("state_hash", "=", state_hash)
          .where("sealed_verifier", "=", sealed_verifier)
          .set({ sealed_verifier: fresh })
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      },
    }));
  }
}

/** The result of one pass over a table. */
interface Pass {
  resealed: number;
  /** Changed by somebody else meanwhile. */
  changed: number;
  /** Their key is known, but they do not open: they were altered, or moved here from another row. */
  damaged: number;
}

async function passOver(pieces: AsyncGenerator<Piece>, sealer: Sealer): Promise<Pass> {
  const pass: Pass = { resealed: 0, changed: 0, damaged: 0 };
  for await (const piece of pieces) {
    for (const { sealed, context, replace } of piece) {
      const plain = sealer.open(sealed, context);
      if (plain !== null) pass[(await replace(sealer.seal(plain, context))) ? "resealed" : "changed"] += 1;
      else if (sealer.knows(sealed)) pass.damaged += 1;
    }
  }
  return pass;
}

async function resealTable(pieces: () => AsyncGenerator<Piece>, sealer: Sealer): Promise<Pass> {
  let resealed = 0;
  for (let left = MOST_PASSES; ; left -= 1) {
    const pass = await passOver(pieces(), sealer);
    resealed += pass.resealed;
    if (pass.changed === 0 || left === 1) return { ...pass, resealed };
  }
}

/** The number of rows that were re-sealed, and of those that do not open although their key is known. */
export type Resealed = Pick<Pass, "resealed" | "damaged">;

/**
 * Seals everything that another key has sealed with the first key of `sealer`. It changes a text only if it is still the one that was read, so
 * that refreshes, sign-outs and callbacks go on meanwhile. Run again after an interruption, it continues: what the first key has sealed is not
 * read. Rows of a key that `sealer` does not have stay as they are; see `countByKey`.
 */
export async function reseal(database: Database, sealer: Sealer): Promise<Resealed> {
  const [prefix = ""] = sealer.prefixes;
  const connections = await resealTable(() => connectionPieces(database, prefix), sealer);
  const verifiers = await resealTable(() => verifierPieces(database, prefix), sealer);
  return {
    resealed: connections.resealed + verifiers.resealed,
    damaged: connections.damaged + verifiers.damaged,
  };
}

/** The number of texts that one key has sealed. */
export interface KeyUse {
  /** Undefined: the text has no form that this app writes. */
  keyId: string | undefined;
  connections: number;
  /** Connections that are being made. */
  pending: number;
}

/** Counts the sealed texts of every key, known or not. */
export async function countByKey({ kysely }: Database): Promise<KeyUse[]> {
  const connections = await kysely
    .selectFrom("connections")
    .select((eb) => [prefixIn(eb, "sealed_tokens").as("prefix"), eb.fn.countAll<number>().as("count")])
    .groupBy("prefix")
    .execute();
  const pending = await kysely
    .selectFrom("transactions")
    .where("sealed_verifier", "is not", null)
    .select((eb) => [prefixIn(eb, "sealed_verifier").as("prefix"), eb.fn.countAll<number>().as("count")])
    .groupBy("prefix")
    .execute();
  const uses = new Map<string | undefined, KeyUse>();
  const add = (rows: typeof connections, part: "connections" | "pending") => {
    for (const { prefix, count } of rows) {
      const keyId = keyIdOf(prefix);
      const use = uses.get(keyId) ?? { keyId, connections: 0, pending: 0 };
      uses.set(keyId, { ...use, [part]: use[part] + Number(count) });
    }
  };
  add(connections, "connections");
  add(pending, "pending");
  return [...uses.values()];
}
