import { fileURLToPath } from "node:url";
import { TOPICS } from "@gridlake/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import type { ModelSet } from "../../ir/index.ts";
import { checkModels, loadModels } from "../../model/index.ts";
import { modelFile, TOPICS as RANDOM_TOPICS, INPUTS } from "../duckdb/inputs.fixture.ts";
import { compileFlink } from "./compile.ts";
import { type FlinkOptions, flinkScript, flinkStatements } from "./job.ts";

const OPTIONS: FlinkOptions = {
  name: "grid",
  timeZone: "Europe/Berlin",
  kafka: { bootstrapServers: "kafka:9092", topicPrefix: "grid." },
  lake: { path: "hdfs://master:9000/lake" },
};

let set: ModelSet;
beforeAll(async () => {
  set = await loadModels(fileURLToPath(new URL("../../../../models", import.meta.url)), TOPICS);
});

const sinkOf = (name: string, options = OPTIONS): string =>
  compileFlink(set, options).sinks.find((sink) => sink.name === name)?.sql ?? "";

describe("a job", () => {
  test("writes every model's table under its own name, and a topic of each live one", () => {
    const job = compileFlink(set, OPTIONS);
    const names = set.models.map((model) => model.name);
    const live = set.models.filter((model) => model.live).map((model) => model.name);
    const into = job.inserts.map(({ name }) => name).filter((name) => !name.endsWith("__apart"));
    expect(into).toEqual([...names, ...live.map((name) => `${name}__live`)]);
    expect(job.topics.written).toEqual(live.map((name) => `grid.live.${name}`));
    expect(job.topics.read).toContain("grid.readings");
  });

  test("is the same text of the same models, and one statement starts it", () => {
    const job = compileFlink(set, OPTIONS);
    expect(flinkScript(compileFlink(set, OPTIONS))).toBe(flinkScript(job));
    const starts = flinkStatements(job).filter((sql) => !/^(SET|CREATE TEMPORARY (TABLE|VIEW)) /.test(sql));
    expect(starts).toEqual([job.statementSet]);
    expect(JSON.parse(JSON.stringify(job))).toEqual(job);
  });

  test("names views before those that read them", () => {
    const seen = new Set<string>();
    for (const { name, sql } of compileFlink(set, OPTIONS).views) {
      for (const [, read = ""] of sql.matchAll(/`(\w+__(?:rows|lines|typed|parsed))`/g)) {
        if (read !== name) expect([name, read, seen.has(read)]).toEqual([name, read, true]);
      }
      seen.add(name);
    }
  });

  test("keeps the steps of a topic's lines apart by a second sink of each, and none of them correlates", () => {
    const job = compileFlink(set, OPTIONS);
    for (const topic of set.topics) {
      for (const step of ["parsed", "typed"]) {
        const readers = [...job.views, ...job.inserts].filter(({ sql }) =>
          sql.includes(`FROM \`${topic.name}__${step}\``),
        );
        expect(readers).toHaveLength(2);
      }
    }
    // two expansions of a view with a correlation differ by its number, and are planned twice
    expect(job.views.filter(({ sql }) => /UNNEST|LATERAL/.test(sql))).toEqual([]);
    expect(job.sinks.filter(({ sql }) => sql.includes("blackhole"))).toHaveLength(1);
  });

  test("of some models holds those they read", () => {
    const job = compileFlink(set, { ...OPTIONS, models: ["dim_feeder"] });
    const into = job.inserts.map(({ name }) => name);
    const apart = ["feeders__parsed__apart", "feeders__typed__apart"];
    expect(into).toEqual(["ods_feeder", "dim_feeder_last", "dim_feeder", ...apart]);
    expect(job.topics.read).toEqual(["grid.feeders"]);
  });

  test("of a model that is not there, or a zone that is not, is refused", () => {
    expect(() => compileFlink(set, { ...OPTIONS, models: ["dws_nothing"] })).toThrow(
      expect.objectContaining({ code: "FLINK_UNKNOWN_MODEL" }),
    );
    expect(() => compileFlink(set, { ...OPTIONS, timeZone: "Europe/Nowhere" })).toThrow(
      expect.objectContaining({ code: "FLINK_TIME_ZONE" }),
    );
  });
});

describe("settings that are exact, and not the defaults", () => {
  test.each([
    // each of these was silently wrong otherwise; docs/reference/flink.md says how
    ["'precombine.field' = 'no_precombine'"],
    ["'write.precombine' = 'true'"],
    ["'hoodie.metadata.enable' = 'false'"],
    ["'hoodie.datasource.write.recordkey.field' = 'device,window_start_us'"],
    ["'table.type' = 'MERGE_ON_READ'"],
    ["PRIMARY KEY (`device`, `window_start_us`) NOT ENFORCED"],
    ["PARTITIONED BY (`dt`)"],
  ])("the lake's tables: %s", (setting) => {
    expect(sinkOf("dws_energy_hour")).toContain(setting);
  });

  test.each([
    ["'connector' = 'kafka'"],
    ["'sink.delivery-guarantee' = 'exactly-once'"],
    ["'value.format' = 'debezium-json'"],
    ["'sink.transactional-id-prefix' = 'grid-ads_top_consumer'"],
  ])("live topics: %s", (setting) => {
    expect(sinkOf("ads_top_consumer__live")).toContain(setting);
  });

  test("nothing is forgotten, and keys of the grid's zone are made by the query, not by the session", () => {
    const { settings } = compileFlink(set, OPTIONS);
    expect(settings).toMatchObject({
      "table.exec.state.ttl": "0",
      "table.local-time-zone": "UTC",
      "execution.checkpointing.mode": "EXACTLY_ONCE",
      "table.exec.sink.not-null-enforcer": "ERROR",
    });
  });

  test("no line is dropped for being no JSON (law L6)", () => {
    expect(flinkScript(compileFlink(set, OPTIONS))).not.toContain("ignore-parse-errors");
  });
});

test("a register may come from a business table by its binlog", () => {
  const job = compileFlink(set, {
    ...OPTIONS,
    models: ["dim_feeder"],
    mysql: {
      feeders: {
        hostname: "db",
        username: "gridlake",
        password: "it's",
        database: "assets",
        table: "feeder",
        serverId: "5400-5401",
        idColumn: "id",
        columns: { feeder: "code", name: "title" },
      },
    },
  });
  expect(job.topics.read).toEqual([]);
  expect(job.sources.map(({ sql }) => sql)).toMatchInlineSnapshot(`
    [
      "CREATE TEMPORARY TABLE \`feeders__topic\` (
      \`id\` BIGINT,
      \`code\` STRING,
      \`title\` STRING,
      changed_at TIMESTAMP_LTZ(3) METADATA FROM 'op_ts' VIRTUAL,
      PRIMARY KEY (\`id\`) NOT ENFORCED
    ) WITH (
      'connector' = 'mysql-cdc',
      'hostname' = 'db',
      'port' = '3306',
      'username' = 'gridlake',
      'password' = 'it''s',
      'database-name' = 'assets',
      'table-name' = 'feeder',
      'server-id' = '5400-5401',
      'server-time-zone' = 'UTC'
    )",
    ]
  `);
  expect(job.views[0]?.sql).toMatchInlineSnapshot(`
    "CREATE TEMPORARY VIEW \`feeders__lines\` AS
    SELECT \`id\` AS topic_offset, CAST(1 AS BIGINT) AS line,
      CAST(changed_at AS TIMESTAMP(6)) AS received_at,
      CAST(NULL AS STRING) AS reject_reason, CAST(NULL AS STRING) AS \`raw\`,
      CAST(\`code\` AS STRING) AS \`feeder\`,
      CAST(\`title\` AS STRING) AS \`name\`,
      CAST(NULL AS STRING) AS \`station\`,
      CAST(NULL AS STRING) AS \`region\`,
      CAST(NULL AS BOOLEAN) AS \`deleted\`
    FROM \`feeders__topic\`"
  `);
});

const refusal = async (sql: string, columns: string[]): Promise<unknown> => {
  const file = modelFile("dwd_refused", ["k"], columns, sql);
  const { set: random, problems } = await checkModels([...INPUTS, file], RANDOM_TOPICS);
  expect(problems).toEqual([]);
  try {
    compileFlink(random, OPTIONS);
  } catch (error) {
    return error;
  }
  return null;
};

describe("refused, with the model's file", () => {
  test.each([
    [
      "FLINK_UNSUPPORTED_SHAPE",
      "SELECT f.k, lag(f.n) OVER (PARTITION BY f.g ORDER BY f.k) AS a, lag(f.n) OVER (PARTITION BY f.s ORDER BY f.k) AS b FROM ref('dim_fact') AS f",
      ["k", "a", "b"],
    ],
    [
      "FLINK_UNSUPPORTED_CAST",
      "SELECT f.k, TRY_CAST(f.s AS BIGINT) AS a FROM ref('dim_fact') AS f",
      ["k", "a"],
    ],
    [
      "FLINK_UNSUPPORTED_DECIMAL",
      "SELECT f.k, CAST(f.x AS DECIMAL(30,10)) * CAST(f.x AS DECIMAL(30,10)) AS a FROM ref('dim_fact') AS f",
      ["k", "a"],
    ],
  ])("%s", async (code, sql, columns) => {
    expect(await refusal(sql, columns)).toMatchObject({
      code,
      remedy: expect.stringMatching(/./),
      details: { model: "dwd_refused", file: "dwd/dwd_refused.sql" },
    });
  });
});
