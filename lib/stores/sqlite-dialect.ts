import "server-only";
import { SqliteAdapter, SqliteDialect, SqliteDriver, type SqliteDatabase, type SqliteStatement } from "kysely";
import { errorFields } from "@/lib/http/log";

/** What is needed of libsql's class. */
interface Connection extends SqliteDatabase {
  inTransaction: boolean;
  exec(statement: string): unknown;
}

/**
 * A SQLite file whose connection is replaced once a statement was refused because another process has the lock. libsql (0.5.29) does not reset such
 * a statement, and SQLite takes it for one in progress: what the connection writes from then on is answered as done, is committed for nobody,
 * locks everybody else out, and is rolled back once the statement is collected (libsql-js issue 228). `exec` ends its own statements.
 */
export class SqliteFile implements SqliteDatabase {
  private connection: Connection;
  private hasUnfinished = false;

  constructor(private readonly connect: () => Connection) {
    this.connection = connect();
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.usable().prepare(sql);
    const all = (parameters: readonly unknown[]) => this.watched(() => statement.all(parameters));
    return {
      reader: statement.reader,
      all,
      run: (parameters) => this.watched(() => statement.run(parameters)),
      iterate: (parameters) => all(parameters).values(),
    };
  }

  exec(statement: string): unknown {
    return this.usable().exec(statement);
  }

  close(): void {
    // libsql closes a file only once its statements are collected: until then, what was written last is in the `-wal` file alone.
    try {
      this.connection.exec("pragma wal_checkpoint(passive)");
    } catch {
      // Another process holds the file, and moves it later.
    }
    this.connection.close();
  }

  /** Within a transaction, what was written before belongs to the connection: its rollback comes first. */
  private usable(): Connection {
    if (this.hasUnfinished && !this.connection.inTransaction) {
      const former = this.connection;
      this.connection = this.connect();
      this.hasUnfinished = false;
      former.close();
    }
    return this.connection;
  }

  private watched<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.hasUnfinished ||= errorFields(error).errorCode?.startsWith("SQLITE_BUSY") === true;
      throw error;
    }
  }
}

/** Kysely leaves this off for SQLite, which undoes changes of tables as it does those of rows. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** A transaction that begins with a read is refused at its first write if another process has written meanwhile. */
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
