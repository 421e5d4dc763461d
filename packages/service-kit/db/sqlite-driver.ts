import {
  isRaw,
  type Configuration,
  type Dictionary,
  type LoggingOptions,
  type Transaction,
} from "@mikro-orm/core";
import {
  AbstractSqlDriver,
  BaseSqliteConnection,
  type NativeQueryBuilder,
  SqlitePlatform,
} from "@mikro-orm/sql";
import { CompiledQuery, type Kysely } from "kysely";
import { bind } from "./bind.ts";

type Query = Parameters<BaseSqliteConnection["execute"]>[0];

/**
 * The ORM on SQLite with bound parameters. Its own connection writes values into the text of each query: then safety
 * hangs on quoting, text that holds a NUL breaks it, and no two queries are the same, so none can be kept prepared.
 */
export class BindingSqliteDriver extends AbstractSqlDriver<BindingConnection> {
  constructor(config: Configuration) {
    super(config, new SqlitePlatform(), BindingConnection, ["kysely"]);
  }
}

class BindingConnection extends BaseSqliteConnection {
  override async execute<T = Dictionary[]>(
    query: Query,
    params: readonly unknown[] | Dictionary = [],
    method: "all" | "get" | "run" = "all",
    ctx?: Transaction,
    loggerContext?: LoggingOptions,
  ): Promise<T> {
    const raw =
      typeof query === "string" ? undefined : isRaw(query) ? query : (query as NativeQueryBuilder).toRaw();
    // named parameters are the ORM's own affair
    if (raw === undefined && !Array.isArray(params))
      return super.execute(query, params, method, ctx, loggerContext) as T;
    await this.ensureConnection();
    const given = raw === undefined ? (params as readonly unknown[]) : raw.params;
    const { sql, values } = bind(raw === undefined ? (query as string) : raw.sql, given, this.platform);
    return this.executeQuery(
      sql,
      async () => {
        const client = (ctx as Kysely<unknown> | undefined) ?? this.getClient();
        return this.transformRawResult<T>(await client.executeQuery(CompiledQuery.raw(sql, values)), method);
      },
      { ...loggerContext, params: values },
    );
  }
}
