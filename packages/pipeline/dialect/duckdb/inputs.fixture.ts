import type { Topic } from "@gridlake/contracts";
import { SourceFile } from "../../model/source-file.ts";

/*
 * The inputs of random models: two topics, and over each the models that every platform has: the lines as they came,
 * the last accepted one of each key, and those that it did not remove.
 *
 *   facts  → ods_fact  → dim_fact_last  → dim_fact   one row a number `k`
 *   groups → ods_group → dim_group_last → dim_group  one row a group `g`
 */

export const TOPICS: readonly Topic[] = [
  {
    name: "facts",
    description: "inputs of random models",
    fields: [
      { name: "k", type: "BIGINT", required: true, description: "key" },
      { name: "g", type: "VARCHAR", required: true, description: "group" },
      { name: "n", type: "BIGINT", required: false, description: "number" },
      { name: "x", type: "DECIMAL(9,3)", required: false, description: "decimal" },
      { name: "s", type: "VARCHAR", required: false, description: "text" },
      { name: "b", type: "BOOLEAN", required: false, description: "truth" },
      { name: "ts", type: "TIMESTAMPTZ", required: true, description: "instant" },
      { name: "deleted", type: "BOOLEAN", required: false, description: "takes the key away" },
    ],
  },
  {
    name: "groups",
    description: "inputs of random models",
    fields: [
      { name: "g", type: "VARCHAR", required: true, description: "group" },
      { name: "w", type: "DECIMAL(5,2)", required: false, description: "weight" },
      { name: "l", type: "VARCHAR", required: false, description: "label" },
      { name: "deleted", type: "BOOLEAN", required: false, description: "takes the group away" },
    ],
  },
];

/** A model file with the least header that loads. */
export function modelFile(
  name: string,
  key: readonly string[],
  columns: readonly string[],
  sql: string,
  partition = "none",
): SourceFile {
  const layer = name.slice(0, 3);
  const docs = columns.map((column) => `${column}: { description: d }`).join(", ");
  const header = `/*\nlayer: ${layer}\ndescription: random\nowner: tests\nkey: [${key.join(", ")}]\npartition: ${partition}\ncolumns: { ${docs} }\n*/\n`;
  return new SourceFile(`${layer}/${name}.sql`, header + sql);
}

const list = (columns: readonly string[]): string => columns.map((column) => `t.${column}`).join(", ");

function lines(topic: Topic, noun: string): SourceFile {
  const columns = ["topic_offset", "line", "reject_reason", ...topic.fields.map((field) => field.name)];
  return modelFile(
    `ods_${noun}`,
    ["topic_offset", "line"],
    columns,
    `SELECT ${list(columns)} FROM topic('${topic.name}') AS t`,
  );
}

function last(topic: Topic, noun: string, key: string): SourceFile {
  const fields = topic.fields.map((field) => field.name).filter((name) => name !== "deleted");
  const there = topic.fields
    .filter((field) => field.required)
    .map((field) => ` AND t.${field.name} IS NOT NULL`);
  const sql = `SELECT ${list(fields)}, COALESCE(t.deleted, FALSE) AS is_deleted FROM ref('ods_${noun}') AS t
WHERE t.reject_reason IS NULL${there.join("")}
QUALIFY row_number() OVER (PARTITION BY t.${key} ORDER BY t.topic_offset DESC, t.line DESC) = 1`;
  return modelFile(`dim_${noun}_last`, [key], [...fields, "is_deleted"], sql);
}

function present(topic: Topic, noun: string, key: string): SourceFile {
  const fields = topic.fields.map((field) => field.name).filter((name) => name !== "deleted");
  const sql = `SELECT ${list(fields)} FROM ref('dim_${noun}_last') AS t WHERE NOT t.is_deleted`;
  return modelFile(`dim_${noun}`, [key], fields, sql);
}

/** Constants that models join to: steps of groups. */
const SEED_STEP = new SourceFile(
  "seeds/seed_step.csv",
  `# steps of groups
g:VARCHAR:key,n:BIGINT:key,w:DECIMAL(5,2)
g0,1,0.25
g0,2,-1
g1,1,3
it's,3,0
`,
);

const MODELS: readonly SourceFile[] = (
  [
    ["fact", "k"],
    ["group", "g"],
  ] as const
).flatMap(([noun, key], at) => {
  const topic = TOPICS[at] as Topic;
  return [lines(topic, noun), last(topic, noun, key), present(topic, noun, key)];
});

export const INPUTS: readonly SourceFile[] = [SEED_STEP, ...MODELS];
