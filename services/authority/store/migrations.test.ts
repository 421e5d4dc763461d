import { openDatabase } from "@gridlake/service-kit/db";
import { expect, test } from "vitest";
import { AuditEntry, ENTITIES } from "./entities.ts";
import { MIGRATIONS } from "./migrations.ts";

test("the steps together make exactly the tables that the entities mean", async () => {
  const db = await openDatabase({ path: ":memory:", entities: ENTITIES, migrations: MIGRATIONS });
  const missing = await db.orm.schema.getUpdateSchemaSQL({ safe: true, dropTables: false });
  await db.close();
  expect(missing).toBe("");
});

test("the audit log can be added to and nothing else", async () => {
  const db = await openDatabase({ path: ":memory:", entities: ENTITIES, migrations: MIGRATIONS });
  const em = db.fork();
  await em.insert(AuditEntry, {
    at: new Date(0),
    action: "login",
    outcome: "done",
    actor: "ann",
    target: "",
    address: "",
    requestId: "r",
    details: {},
  });
  await expect(em.nativeUpdate(AuditEntry, {}, { actor: "bob" })).rejects.toThrow(/append-only/);
  await expect(em.nativeDelete(AuditEntry, {})).rejects.toThrow(/append-only/);
  expect(await em.count(AuditEntry, { actor: "ann" })).toBe(1);
  await db.close();
});
