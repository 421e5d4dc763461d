import type { ShownModel } from "../platform.ts";
import { writeResult as writeJson } from "./json.ts";
import { writeResult as writeTable } from "./table.ts";

const TEXT = "VARCHAR";

/** A model as tables for people, or as one object for programs. */
export function writeModel(model: ShownModel, format: "table" | "json", out: (text: string) => void): void {
  if (format === "json") return writeObject(model, out);
  out(`${model.description.trim()}\n`);
  writePlain(
    ["", "value"],
    factsOf(model).map(([name, value]) => [name, value]),
    out,
  );
  writePlain(
    ["column", "type", "null", "unit", "made of", "description"],
    model.columns.map(({ name, type, nullable, unit, from, description }) => [
      name,
      type,
      nullable ? "may be" : "never",
      unit ?? "",
      from.map(({ table, column, influence }) => `${table}.${column} ${influence}`).join("\n"),
      description,
    ]),
    out,
  );
  if (model.sample !== null) writeTable(model.sample, out);
}

function factsOf(model: ShownModel): [string, string][] {
  const { name, layer, file, owner, tags, key, ordering, partition, freshnessMs, live } = model;
  return [
    ["model", `${name} (${layer}, ${file})`],
    ["owner", owner],
    ["tags", tags.join(", ")],
    ["key", key.join(", ")],
    ["ordering", ordering.join(", ")],
    ["partition", partition ?? "none"],
    ["freshness", freshnessMs === null ? "no promise" : `${freshnessMs / 1_000} s`],
    ["live", String(live)],
    [
      "made of",
      [
        ...model.topics.map((topic) => `topic ${topic}`),
        ...model.seeds.map((seed) => `seed ${seed}`),
        ...model.inputs,
      ].join(", "),
    ],
    ["read by", model.readers.join(", ")],
    ["kept up to date", `${model.maintenance.kind}: ${model.maintenance.words}`],
    ["tests", model.tests.join("\n")],
  ];
}

function writePlain(head: readonly string[], rows: readonly string[][], out: (text: string) => void): void {
  writeTable({ columns: head.map((name) => ({ name, type: TEXT })), rows }, (text) => {
    // the count of rows tells nothing here
    if (!/^\d+ rows?\n$/.test(text)) out(text);
  });
}

function writeObject({ sample, ...model }: ShownModel, out: (text: string) => void): void {
  let rows = "";
  if (sample !== null) writeJson(sample, (text) => (rows += text));
  const shown = { ...model, sample: sample === null ? null : (JSON.parse(rows) as unknown) };
  out(`${JSON.stringify(shown, null, 2)}\n`);
}
