import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openModels } from "@gridlake/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { runCommandLine } from "../program.ts";

const SHIPPED = resolve(import.meta.dirname, "../../../models");

// a folder of models is read in seconds, on a busy machine in many
vi.setConfig({ testTimeout: 180_000 });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-models-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

let shipped: ReturnType<typeof openModels> | undefined;

/** The shipped models are read once for all tests. */
function open(options: { directory?: string }): ReturnType<typeof openModels> {
  if (options.directory !== undefined) return openModels(options);
  return (shipped ??= openModels(options));
}

async function run(...args: string[]) {
  const context = new FakeContext({ root: dir, platform: { openModels: open } });
  const code = await runCommandLine(["models", ...args], context);
  return { code, out: context.stdout, err: context.stderr };
}

/** The shipped models with one file changed. */
function changed(path: string, change: (text: string) => string): string {
  const models = join(dir, "models");
  cpSync(SHIPPED, models, { recursive: true });
  writeFileSync(join(models, path), change(readFileSync(join(models, path), "utf8")));
  return models;
}

const names = (out: string) => (JSON.parse(out) as { model: string }[]).map(({ model }) => model);

test("ls shows what is selected, in the order of computing", async () => {
  const { code, out } = await run(
    "ls",
    "+ads_top_consumer,layer:dws",
    "--exclude",
    "dws_energy_day",
    "--format",
    "json",
  );
  expect(code).toBe(0);
  expect(names(out)).toEqual(["dws_register_15min", "dws_energy_15min"]);
  expect((await run("ls", "layer:ods")).out).toContain("│ ods_reading ");
});

test("a selector that reads or fits badly is refused with what there is", async () => {
  expect(await run("ls", "ods_readings")).toMatchObject({ code: 1, out: "" });
  expect((await run("ls", "a+b")).err).toMatch(/^MODEL_SELECTION_INVALID: "a\+b"/);
});

test("show tells header, columns with their origin, readers and the way it is kept up to date", async () => {
  const { code, out } = await run("show", "dws_energy_hour", "--format", "json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    name: "dws_energy_hour",
    layer: "dws",
    inputs: ["dws_energy_15min"],
    maintenance: { kind: "aggregate" },
    columns: expect.arrayContaining([
      expect.objectContaining({
        name: "energy_wh",
        unit: "Wh",
        from: [{ table: "dws_energy_15min", column: "energy_wh", influence: "aggregation" }],
      }),
    ]),
    sample: null,
  });
  expect((await run("show", "dws_energy_hour")).out).toContain("unique(device, window_start)");
  expect((await run("show", "dws_nothing")).err).toContain("MODEL_UNKNOWN");
});

test("check passes the shipped models, and names every problem of others", async () => {
  expect(await run("check")).toMatchObject({ code: 0, out: expect.stringContaining("0 problems in ") });
  const models = changed("dwd/dwd_reading.sql", (text) => text.replace("r.seq,", "now() AS seq,"));
  const { code, out } = await run("--models", models, "check");
  expect(code).toBe(1);
  expect(out).toMatch(/^dwd\/dwd_reading\.sql:\d+:\d+ MODEL_NONDETERMINISTIC now\(\): .+\n {2}→ /);
  const json = JSON.parse((await run("--models", models, "check", "--format", "json")).out) as object;
  expect(json).toMatchObject({ problems: [{ code: "MODEL_NONDETERMINISTIC", file: "dwd/dwd_reading.sql" }] });
});

test("check holds a test's where and the files of models/tests to the tables' columns", async () => {
  const models = changed("ads/ads_top_consumer.sql", (text) =>
    text.replace(
      "- range: { column: rank, min: 1, max: 10 }",
      "- range: { column: rank, min: 1, max: 10 }\n    where: nothing > 1",
    ),
  );
  const { code, out } = await run("--models", models, "check");
  expect(code).toBe(1);
  expect(out).toContain(
    "ads/ads_top_consumer.sql:1:1 MODEL_TEST_INVALID ads_top_consumer: range(rank, 1..10) where",
  );
});

test("lineage of models and of a column, as text and for tools", async () => {
  expect((await run("lineage", "dws_energy_hour")).out).toMatch(
    /^dws_energy_hour\n is made of\n └─ dws_energy_15min\n {4}└─ dws_register_15min\n/,
  );
  expect((await run("lineage", "dws_energy_hour.energy_wh")).out).toContain(
    "└─ dws_energy_15min.energy_wh (aggregation)\n",
  );
  expect((await run("lineage", "dws_energy_hour.energy")).err).toContain("MODEL_UNKNOWN_COLUMN");
  expect((await run("lineage", "layer:ods", "--format", "mermaid")).out).toContain(
    "topic_readings --> ods_reading",
  );
  expect((await run("lineage", "layer:ods", "--format", "dot")).out).toContain(
    '"topic_readings" -> "ods_reading";',
  );
  const events = (await run("lineage", "dws_energy_hour", "--format", "openlineage")).out
    .trimEnd()
    .split("\n");
  expect(events.map((event) => Object.keys(JSON.parse(event) as object))).toEqual([
    expect.arrayContaining(["dataset"]),
    expect.arrayContaining(["job", "inputs", "outputs"]),
  ]);
});

test("compile writes DuckDB's SQL, docs a page a model and one that lists them", async () => {
  expect((await run("compile", "dws_energy_hour")).out).toMatch(
    /^-- dws\/dws_energy_hour\.sql\nCREATE OR REPLACE VIEW "dws_energy_hour" AS\nSELECT /,
  );
  const site = join(dir, "site");
  expect(await run("docs", "layer:dws", "--out", site)).toMatchObject({ code: 0, out: "" });
  const pages = readdirSync(join(site, "dws"));
  expect(pages).toContain("dws_energy_hour.md");
  const page = readFileSync(join(site, "dws/dws_energy_hour.md"), "utf8");
  expect(page).toContain("| `energy_wh` | BIGINT");
  expect(page).toContain("[dws_energy_15min](../dws/dws_energy_15min.md)");
  expect(readFileSync(join(site, "README.md"), "utf8")).toContain(
    "[dws_energy_hour](dws/dws_energy_hour.md)",
  );
});

test("compile writes one Flink job of what is selected and all that it is made of", async () => {
  const { code, out } = await run("compile", "dws_energy_hour", "--dialect", "flink", "--kafka", "k:1");
  expect(code).toBe(0);
  expect(out).toContain("'properties.bootstrap.servers' = 'k:1'");
  expect(out).toContain("EXECUTE STATEMENT SET BEGIN");
  expect(out).toContain("`ods_reading__rows`");
  expect(out).not.toContain("dws_energy_day");
});

test("golden finds what differs, and writes it anew", async () => {
  const models = changed("golden/dws/dws_energy_hour.rows.ndjson", () => "{}\n");
  const stale = "golden/dws/dws_energy_hour.rows.ndjson\n";
  expect(await run("--models", models, "golden")).toMatchObject({ code: 1, out: stale });
  expect(await run("--models", models, "golden", "--write")).toMatchObject({ code: 0, out: stale });
  expect(await run("--models", models, "golden")).toMatchObject({ code: 0, out: "" });
});

test("test needs a data directory, and models that have tests", async () => {
  expect((await run("test", "--data", join(dir, "nothing"))).err).toContain("CLI_NO_DATA");
});
