import { sql, type Migrations } from "@gridlake/service-kit/db";

/**
 * The schema, step by step; a test holds the sum of them to the entities. Steps that have been released are not edited:
 * a change is a new step.
 */
export const MIGRATIONS: Migrations = {
  "0001-accounts": {
    up: async (db) => {
      await db.schema
        .createTable("account")
        .addColumn("id", "text", (c) => c.notNull().primaryKey())
        .addColumn("username", "text", (c) => c.notNull())
        .addColumn("display_name", "text", (c) => c.notNull())
        .addColumn("password_hash", "text", (c) => c.notNull())
        .addColumn("roles", "json", (c) => c.notNull())
        .addColumn("enabled", "integer", (c) => c.notNull())
        .addColumn("created_at", "datetime", (c) => c.notNull())
        .addColumn("updated_at", "datetime", (c) => c.notNull())
        .addColumn("version", "integer", (c) => c.notNull().defaultTo(1))
        .execute();
      await db.schema
        .createIndex("account_username_unique")
        .unique()
        .on("account")
        .column("username")
        .execute();
    },
  },
  "0002-sessions-and-tokens": {
    up: async (db) => {
      await db.schema
        .createTable("session")
        .addColumn("id", "text", (c) => c.notNull().primaryKey())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("account_id", "text", (c) => c.notNull())
        .addColumn("address", "text", (c) => c.notNull())
        .addColumn("created_at", "datetime", (c) => c.notNull())
        .addColumn("last_seen_at", "datetime", (c) => c.notNull())
        .addColumn("expires_at", "datetime", (c) => c.notNull())
        .addForeignKeyConstraint("session_account_id_foreign", ["account_id"], "account", ["id"], (c) =>
          c.onDelete("cascade"),
        )
        .execute();
      await db.schema.createIndex("session_hash_unique").unique().on("session").column("hash").execute();
      await db.schema.createIndex("session_account_id_index").on("session").column("account_id").execute();
      await db.schema
        .createTable("token")
        .addColumn("id", "text", (c) => c.notNull().primaryKey())
        .addColumn("kind", "text", (c) => c.notNull())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("devices", "json")
        .addColumn("roles", "json")
        .addColumn("account_id", "text")
        .addColumn("created_by", "text", (c) => c.notNull())
        .addColumn("created_at", "datetime", (c) => c.notNull())
        .addColumn("expires_at", "datetime", (c) => c.notNull())
        .addColumn("last_used_at", "datetime")
        .addColumn("revoked_at", "datetime")
        .addForeignKeyConstraint("token_account_id_foreign", ["account_id"], "account", ["id"], (c) =>
          c.onDelete("cascade"),
        )
        .execute();
      await db.schema.createIndex("token_hash_unique").unique().on("token").column("hash").execute();
      await db.schema.createIndex("token_account_id_index").on("token").column("account_id").execute();
      await db.schema.createIndex("token_created_by_index").on("token").column("created_by").execute();
    },
  },
  "0003-attempts-and-audit": {
    up: async (db) => {
      await db.schema
        .createTable("login_attempts")
        .addColumn("subject", "text", (c) => c.notNull().primaryKey())
        .addColumn("failures", "integer", (c) => c.notNull())
        .addColumn("last_at", "datetime", (c) => c.notNull())
        .addColumn("locked_until", "datetime", (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex("login_attempts_last_at_index")
        .on("login_attempts")
        .column("last_at")
        .execute();
      await db.schema
        .createTable("audit_entry")
        .addColumn("id", "integer", (c) => c.notNull().primaryKey().autoIncrement())
        .addColumn("at", "datetime", (c) => c.notNull())
        .addColumn("action", "text", (c) => c.notNull())
        .addColumn("outcome", "text", (c) => c.notNull())
        .addColumn("actor", "text", (c) => c.notNull())
        .addColumn("target", "text", (c) => c.notNull())
        .addColumn("address", "text", (c) => c.notNull())
        .addColumn("request_id", "text", (c) => c.notNull())
        .addColumn("details", "json", (c) => c.notNull())
        .execute();
      // append-only is the store's law, not the application's habit
      for (const change of ["update", "delete"]) {
        await sql
          .raw(
            `create trigger audit_entry_no_${change} before ${change} on audit_entry
             begin select raise(abort, 'the audit log is append-only'); end`,
          )
          .execute(db);
      }
    },
  },
};
