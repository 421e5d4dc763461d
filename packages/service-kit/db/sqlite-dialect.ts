import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SqliteAdapter, SqliteDialect, type SqliteDatabase, type SqliteStatement } from "kysely";

/** Prepared statements kept a connection; the oldest goes first. */
const MAX_PREPARED = 256;
/** How long a writer waits for another process's lock before it gives up. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Kysely on the SQLite that Node carries. WAL, so that readers do not wait for the writer; synchronous=FULL, so that
 * what was answered survives a power cut.
 */
export class NodeSqliteDialect extends SqliteDialect {
  /** @param path a file, or `:memory:` */
  constructor(path: string) {
    super({ database: () => Promise.resolve(openSqlite(path)) });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

/** SQLite's DDL is transactional: a migration that fails half-way leaves nothing behind. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function openSqlite(path: string): SqliteDatabase {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;");
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = asKyselyStatement(db.prepare(sql));
      if (prepared.size >= MAX_PREPARED) prepared.delete(prepared.keys().next().value as string);
      prepared.set(sql, statement);
      return statement;
    },
    close() {
      prepared.clear();
      db.close();
    },
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    // a statement that gives columns is read, whatever word it begins with (WITH … INSERT, RETURNING)
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
