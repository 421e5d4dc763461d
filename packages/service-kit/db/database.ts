import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { GridlakeError } from "@gridlake/kernel";
import { MikroORM, type EntityManager, type Options } from "@mikro-orm/sql";
import { Migrator, type Migration } from "kysely/migration";
import type { Logger } from "../telemetry/logger.ts";
import { BindingSqliteDriver } from "./sqlite-driver.ts";
import { NodeSqliteDialect } from "./sqlite-dialect.ts";

export { sql } from "kysely";
export type { EntityManager } from "@mikro-orm/sql";

/** Schema steps by name; they run once each, in the order of their names, and are never edited after a release. */
export type Migrations = Readonly<Record<string, Migration>>;

export interface DatabaseOptions {
  /** The SQLite file, or `:memory:`. Made with mode 0600 if it is new. */
  path: string;
  entities: NonNullable<Options<BindingSqliteDriver>["entities"]>;
  migrations: Migrations;
  logger?: Logger;
}

/** The relational store of one service. */
export interface Database {
  /** A unit of work of its own: one for each request. */
  fork(): EntityManager;
  orm: MikroORM<BindingSqliteDriver>;
  close(): Promise<void>;
}

/**
 * Opens the store and brings its schema to this version.
 * @throws DB_MIGRATION_FAILED: nothing of the failed step is kept. Also when the file was made by a newer version.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.path !== ":memory:") createPrivately(options.path);
  const orm = await MikroORM.init<BindingSqliteDriver>({
    driver: BindingSqliteDriver,
    dbName: options.path,
    driverOptions: new NodeSqliteDialect(options.path),
    entities: options.entities,
    // a request's entities belong to its own fork; the global one would mix them
    allowGlobalContext: false,
    discovery: { warnWhenNoEntities: false },
    logger: (message) => options.logger?.debug(message),
  });
  try {
    await migrate(orm, options);
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return { orm, fork: () => orm.em.fork() as EntityManager, close: () => orm.close(true) };
}

async function migrate(orm: MikroORM<BindingSqliteDriver>, options: DatabaseOptions): Promise<void> {
  const migrator = new Migrator({
    db: orm.em.getConnection().getClient(),
    provider: { getMigrations: () => Promise.resolve({ ...options.migrations }) },
    migrationTableName: "schema_migration",
    migrationLockTableName: "schema_migration_lock",
  });
  const { error, results } = await migrator.migrateToLatest();
  for (const step of results ?? [])
    options.logger?.info({ step: step.migrationName, status: step.status }, "schema");
  if (error === undefined) return;
  throw new GridlakeError(
    "DB_MIGRATION_FAILED",
    `${options.path}: the schema could not be brought to this version`,
    {
      remedy: "start the version that wrote the file, or restore it from a backup",
      details: {
        path: options.path,
        failed: results?.find((step) => step.status === "Error")?.migrationName ?? null,
      },
      cause: error,
    },
  );
}

/** SQLite gives its -wal and -shm files the mode of the database file. */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
