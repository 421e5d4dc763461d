import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineEntity, p } from "@mikro-orm/core";
import { afterEach, expect, test } from "vitest";
import { openDatabase, type Database, type Migrations } from "./database.ts";

const NoteSchema = defineEntity({
  name: "Note",
  tableName: "note",
  properties: {
    id: p.integer().primary(),
    text: p.string().length(80),
    madeAt: p.datetime(),
    done: p.boolean(),
  },
});
class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

const first: Migrations = {
  "0001-note": {
    up: async (db) => {
      await db.schema
        .createTable("note")
        .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement().notNull())
        .addColumn("text", "text", (c) => c.notNull())
        .addColumn("made_at", "datetime", (c) => c.notNull())
        .addColumn("done", "integer", (c) => c.notNull())
        .execute();
    },
  },
};

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

function file(): string {
  const dir = mkdtempSync(join(tmpdir(), "gridlake-db-"));
  cleanups.push(() => rmSync(dir, { recursive: true }));
  return join(dir, "sub", "notes.sqlite");
}

const open = (path: string, migrations = first): Promise<Database> =>
  openDatabase({ path, entities: [Note], migrations });

test("what is committed is there after a restart, with its types; the file is private", async () => {
  const path = file();
  const db = await open(path);
  const em = db.fork();
  em.persist(em.create(Note, { id: 1, text: "a", madeAt: new Date(5), done: true }));
  await em.flush();
  await db.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = await open(path);
  expect(await again.fork().findOneOrFail(Note, 1)).toMatchObject({
    text: "a",
    madeAt: new Date(5),
    done: true,
  });
  expect(await again.orm.em.getConnection().execute("PRAGMA journal_mode")).toEqual([
    { journal_mode: "wal" },
  ]);
  expect(await again.orm.em.getConnection().execute("PRAGMA synchronous")).toEqual([{ synchronous: 2 }]);
  await again.close();
});

test("transactions do not run into each other on the one connection", async () => {
  const db = await open(file());
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      db
        .fork()
        .transactional(async (em) => {
          em.persist(
            em.create(Note, { id: n + 1, text: `${await em.count(Note)}`, madeAt: new Date(0), done: false }),
          );
          await em.flush();
          if (n % 5 === 0) throw new Error("taken back");
        })
        .catch((error: Error) => expect(error.message).toBe("taken back")),
    ),
  );
  expect(await db.fork().count(Note)).toBe(16);
  await db.close();
});

test("a migration that fails half-way leaves the old schema and its rows", async () => {
  const path = file();
  await (await open(path)).close();
  const broken: Migrations = {
    ...first,
    "0002-broken": {
      up: async (db) => {
        await db.schema.alterTable("note").addColumn("more", "text").execute();
        await db.schema.alterTable("nowhere").addColumn("x", "text").execute();
      },
    },
  };
  await expect(open(path, broken)).rejects.toMatchObject({
    code: "DB_MIGRATION_FAILED",
    details: { failed: "0002-broken" },
  });
  const again = await open(path);
  const columns = await again.orm.em.getConnection().execute("SELECT name FROM pragma_table_info('note')");
  expect(columns.map((column) => (column as { name: string }).name)).toEqual([
    "id",
    "text",
    "made_at",
    "done",
  ]);
  await again.close();
});

test("a file of a newer version is refused", async () => {
  const path = file();
  await (await open(path, { ...first, "0002-later": { up: async () => {} } })).close();
  await expect(open(path)).rejects.toMatchObject({ code: "DB_MIGRATION_FAILED" });
});

test.each([
  "a\u0000b",
  "'; drop table note; --",
  "\\",
  "?",
  "??",
  "\\?",
  "$1",
  ":x",
  "\u{1f50c}",
  "",
  "true",
  "1e3",
  "null",
])("text is text: %j is kept, found and counted as it is", async (text) => {
  const db = await open(":memory:");
  const em = db.fork();
  em.persist(
    [1, 2].map((id) =>
      em.create(Note, { id, text: id === 1 ? text : "other", madeAt: new Date(id), done: id === 1 }),
    ),
  );
  await em.flush();
  const found = await db.fork().find(Note, { text, done: true, madeAt: { $lt: new Date(2) } });
  expect(found.map((note) => note.text)).toEqual([text]);
  expect(await db.fork().nativeUpdate(Note, { text }, { text: `${text}!` })).toBe(1);
  expect(await db.fork().count(Note, { text: { $in: [`${text}!`, "other"] } })).toBe(2);
  await db.close();
});
