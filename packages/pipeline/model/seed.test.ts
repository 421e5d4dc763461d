import { expect, test } from "vitest";
import { checkModels } from "./load.ts";
import { parseSeed } from "./seed.ts";
import { SourceFile } from "./source-file.ts";

const seedOf = (text: string, path = "seeds/seed_week.csv") => parseSeed(new SourceFile(path, text));
const HEAD = "# the weeks behind\nweek:BIGINT:key,name:VARCHAR,weight:DECIMAL(5,2)\n";

test("a seed is its description, its columns and its rows", () => {
  const seed = seedOf(`${HEAD}1,last,0.40\n\n2,it's,-1\n`);
  expect(seed).toEqual({
    name: "seed_week",
    columns: [
      { name: "week", type: "BIGINT" },
      { name: "name", type: "VARCHAR" },
      { name: "weight", type: "DECIMAL(5,2)" },
    ],
    key: ["week"],
    rows: [
      ["1", "last", "0.40"],
      ["2", "it's", "-1"],
    ],
  });
});

test.each([
  ["no description", "week:BIGINT:key\n1", "MODEL_HEADER_INVALID", 1],
  ["a type of no seed", "# d\nat:TIMESTAMPTZ:key\n", "MODEL_HEADER_INVALID", 2],
  ["no key", "# d\nweek:BIGINT\n1", "MODEL_HEADER_INVALID", 2],
  ["a column twice", "# d\nweek:BIGINT:key,week:BIGINT\n1,2", "MODEL_HEADER_INVALID", 2],
  ["too many rows", `# d\nweek:BIGINT:key\n${"1\n".repeat(2_001)}`, "MODEL_HEADER_INVALID", 1],
  ["a cell too few", `${HEAD}1,a`, "MODEL_TYPE_CLASH", 3],
  ["an empty cell", `${HEAD}1,,2`, "MODEL_TYPE_CLASH", 3],
  ["a quoted cell", `${HEAD}1,"a",2`, "MODEL_TYPE_CLASH", 3],
  ["no whole number", `${HEAD}1.5,a,2`, "MODEL_TYPE_CLASH", 3],
  ["too many digits behind the point", `${HEAD}1,a,2.125`, "MODEL_TYPE_CLASH", 3],
  ["too many digits before the point", `${HEAD}1,a,1234`, "MODEL_TYPE_CLASH", 3],
  ["a key twice", `${HEAD}1,a,2\n1,b,3`, "MODEL_KEY", 4],
])("%s is refused", (_, text, code, line) => {
  expect(() => seedOf(text)).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code, line }) }),
  );
});

test("a seed of another name is refused", () => {
  expect(() => seedOf(`${HEAD}1,a,2`, "seeds/weeks.csv")).toThrow(/a seed has another name/);
});

const model = new SourceFile(
  "dwd/dwd_weekly.sql",
  `/*
layer: dwd
description: d
owner: o
key: [device, week]
columns: { device: { description: d }, week: { description: d } }
*/
SELECT d.device, w.week FROM ref('dim_device') AS d JOIN ref('seed_week') AS w ON w.name = d.kind`,
);
const device = new SourceFile(
  "ods/ods_device.sql",
  `/*
layer: ods
description: d
owner: o
key: [topic_offset, line]
columns: { topic_offset: { description: d }, line: { description: d }, device: { description: d }, kind: { description: d } }
*/
SELECT t.topic_offset, t.line, t.device, t.kind FROM topic('devices') AS t`,
);
const dim = new SourceFile(
  "dim/dim_device.sql",
  `/*
layer: dim
description: d
owner: o
key: [device]
columns: { device: { description: d }, kind: { description: d } }
*/
SELECT o.device, o.kind FROM ref('ods_device') AS o WHERE o.device IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY o.device ORDER BY o.topic_offset DESC, o.line DESC) = 1`,
);
const field = (name: string) => ({ name, type: "VARCHAR" as const, required: true, description: "d" });
const TOPICS = [{ name: "devices", description: "d", fields: [field("device"), field("kind")] }];

test("a changed seed changes the models that read it, and them alone", async () => {
  const [before, after] = [await load("1,a,2"), await load("1,a,3")];
  expect(after.get("dwd_weekly")?.fingerprint).not.toBe(before.get("dwd_weekly")?.fingerprint);
  expect(after.get("dim_device")?.fingerprint).toBe(before.get("dim_device")?.fingerprint);
});

async function load(rows: string) {
  const seed = new SourceFile("seeds/seed_week.csv", `${HEAD}${rows}`);
  const { set, problems } = await checkModels([device, dim, model, seed], TOPICS);
  expect(problems).toEqual([]);
  return set.byName;
}
