import "server-only";
import { SqliteAdapter, SqliteDialect, SqliteDriver, type SqliteDatabase } from "kysely";

/** What is needed of libsql's class. */
interface SqliteFile extends SqliteDatabase {
  exec(statement: string): unknown;
}

/** Kysely leaves this off for SQLite, which undoes changes of tables as it does those of rows. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * A transaction that begins with a read is refused at its first write if another process has written meanwhile. By `exec`: libsql does not reset a
 * prepared statement that was refused, and until that is collected, what the connection reads is old and each of its writes is refused.
 */
class ImmediateDriver extends SqliteDriver {
  constructor(private readonly database: SqliteFile) {
    super({ database });
  }

  override async beginTransaction(): Promise<void> {
    await this.database.exec("begin immediate");
  }
}

/**
 * Applies migrations and records them in one transaction: one that was cut in between, by a full disk or a kill, could never be applied again, and
 * the site would not start any more (issue 13).
 */
export class TransactionalSqliteDialect extends SqliteDialect {
  constructor(private readonly database: SqliteFile) {
    super({ database });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.database);
  }
}
