import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { TOPICS } from "@gridlake/contracts";
import type { Model } from "../ir/model.ts";
import { checkModels, loadModels } from "./load.ts";
import { SourceFile } from "./source-file.ts";
const ODS = `SELECT t.topic_offset, t.line, t.device, t.energy_wh FROM topic('readings') AS t`;

interface Written {
  key?: string;
  columns?: string;
  more?: string;
}

function model(
  path: string,
  sql: string,
  { key = "topic_offset, line", columns = "topic_offset, line", more = "" }: Written = {},
): SourceFile {
  const docs = columns.split(", ").map((name) => `  ${name}: { description: d }`);
  const header = `/*\nlayer: ${dirname(path)}\ndescription: d\nowner: o\nkey: [${key}]\n${more}columns:\n${docs.join("\n")}\n*/\n`;
  return new SourceFile(path, header + sql);
}

const ods = model("ods/ods_x.sql", ODS, { columns: "topic_offset, line, device, energy_wh" });
const over = (path: string, input: string): SourceFile =>
  model(path, `SELECT a.topic_offset, a.line FROM ref('${input}') AS a`);

const showing = (number: string): SourceFile =>
  model("dwd/dwd_a.sql", `SELECT a.topic_offset, a.line, ${number} AS n FROM ref('ods_x') AS a`, {
    columns: "topic_offset, line, n",
  });

/** The literal as it came into the plan, or the code with which it is refused. */
async function literal(number: string): Promise<unknown> {
  const { set, problems } = await checkModels([ods, showing(number)], TOPICS);
  return problems[0]?.code ?? set.byName.get("dwd_a")?.body.blocks[0]?.output[2]?.expr;
}

const changed = (file: SourceFile, from: string, to: string): SourceFile =>
  new SourceFile(file.path, file.text.replace(from, to));

async function fingerprints(...files: SourceFile[]): Promise<Record<string, string | undefined>> {
  const { set, problems } = await checkModels(files, TOPICS);
  expect(problems).toEqual([]);
  return Object.fromEntries(set.models.map((one: Model) => [one.name, one.fingerprint]));
}

describe("a folder of models", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const written = (...files: SourceFile[]): string => {
    const folder = mkdtempSync(join(tmpdir(), "gridlake-models-"));
    folders.push(folder);
    for (const file of files) {
      mkdirSync(dirname(join(folder, file.path)), { recursive: true });
      writeFileSync(join(folder, file.path), file.text);
    }
    return folder;
  };

  test("comes in the order in which it can be computed, whatever the names", async () => {
    const folder = written(
      over("dwd/dwd_a.sql", "dwd_b"),
      over("dwd/dwd_b.sql", "dwd_c"),
      over("dwd/dwd_c.sql", "ods_x"),
      ods,
    );
    const { models, byName } = await loadModels(folder, TOPICS);
    expect(models.map(({ name }) => name)).toEqual(["ods_x", "dwd_c", "dwd_b", "dwd_a"]);
    expect(byName.get("dwd_b")?.inputs).toEqual(["dwd_c"]);
    expect(byName.get("ods_x")?.topics).toEqual(["readings"]);
  });

  test("is refused as one, with every file's problem", async () => {
    const bad = model("dwd/dwd_bad.sql", "SELECT *\nFROM ref('ods_x') AS a");
    const folder = written(
      ods,
      bad,
      over("dwd/dwd_lost.sql", "dwd_none"),
      over("dwd/dwd_below.sql", "dwd_bad"),
    );
    const failure: unknown = await loadModels(folder, TOPICS).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "MODEL_SET_INVALID", retry: "never" });
    // what only stands below a refused model has no problem of its own
    expect(failure).toMatchObject({
      details: {
        problems: [
          { code: "MODEL_UNSUPPORTED", file: "dwd/dwd_bad.sql", line: 10, column: 8, construct: "SELECT *" },
          { code: "MODEL_UNKNOWN_REF", file: "dwd/dwd_lost.sql", construct: "ref('dwd_none')" },
        ],
      },
    });
    expect(String(failure)).toContain("dwd/dwd_bad.sql:10:8 MODEL_UNSUPPORTED SELECT *");
  });

  test("that is not there is an error of its own", async () => {
    await expect(loadModels("/nonexistent/models", TOPICS)).rejects.toMatchObject({
      code: "MODEL_FOLDER_UNREADABLE",
    });
  });

  test("a plan is plain data: JSON and back is the same", async () => {
    const { models } = await loadModels(join(import.meta.dirname, "../../../models"), TOPICS);
    expect(JSON.parse(JSON.stringify(models))).toEqual(models);
  });
});

describe("models among each other", () => {
  test("a cycle is one problem that names its way round", async () => {
    const files = [
      over("dwd/dwd_a.sql", "dwd_b"),
      over("dwd/dwd_b.sql", "dwd_c"),
      over("dwd/dwd_c.sql", "dwd_a"),
    ];
    const { problems, set } = await checkModels([ods, ...files, over("dwd/dwd_d.sql", "dwd_a")], TOPICS);
    expect(problems).toMatchObject([{ code: "MODEL_CYCLE", file: "dwd/dwd_c.sql" }]);
    expect(problems[0]?.message).toContain("dwd_a → dwd_b → dwd_c → dwd_a");
    expect(set.models.map(({ name }) => name)).toEqual(["ods_x"]);
  });

  test("a model that reads itself is a cycle", async () => {
    const { problems } = await checkModels([over("dwd/dwd_a.sql", "dwd_a")], TOPICS);
    expect(problems.map(({ code }) => code)).toEqual(["MODEL_CYCLE"]);
  });

  test("a position counts characters, not bytes", async () => {
    const file = model("dwd/dwd_a.sql", "SELECT 'żółć' AS topic_offset, a.nothing FROM ref('ods_x') AS a");
    const { problems } = await checkModels([ods, file], TOPICS);
    expect(problems).toMatchObject([{ code: "MODEL_UNKNOWN_COLUMN", line: 10, column: 32 }]);
  });

  test("long numbers keep every digit, and those that can't are refused", async () => {
    expect(await literal("9223372036854775807")).toMatchObject({
      type: "BIGINT",
      value: "9223372036854775807",
    });
    expect(await literal("-1234567890123456789.25")).toMatchObject({ value: "-1234567890123456789.25" });
    expect(await literal("-.05")).toMatchObject({ type: "DECIMAL(2,2)", value: "-0.05" });
    expect(await literal("9_223_372_036_854_775_807")).toBe("MODEL_UNSUPPORTED");
    expect(await literal("99999999999999999999")).toBe("MODEL_UNSUPPORTED");
  });
});

describe("a fingerprint changes with a model's rows", () => {
  const below = over("dwd/dwd_a.sql", "ods_x");

  test("not with words, layout or the order of a header", async () => {
    const before = await fingerprints(ods, below);
    const told = changed(
      changed(ods, "description: d\n", "description: other words\nlive: true\n"),
      "SELECT ",
      "SELECT\n  ",
    );
    expect(await fingerprints(told, below)).toEqual(before);
  });

  test("with the SQL, in the model and in all below it", async () => {
    const before = await fingerprints(ods, below);
    const after = await fingerprints(
      changed(ods, "t.energy_wh FROM", "t.energy_wh + 1 AS energy_wh FROM"),
      below,
    );
    expect(after.ods_x).not.toBe(before.ods_x);
    expect(after.dwd_a).not.toBe(before.dwd_a);
  });

  test("with the key and the partition, in that model", async () => {
    const before = await fingerprints(ods, below);
    const after = await fingerprints(
      ods,
      changed(below, "key: [topic_offset, line]", "key: [line, topic_offset]"),
    );
    expect(after.ods_x).toBe(before.ods_x);
    expect(after.dwd_a).not.toBe(before.dwd_a);
  });
});
