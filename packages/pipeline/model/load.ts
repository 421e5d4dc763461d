import { posix } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Topic } from "@gridlake/contracts";
import { type Source } from "../ir/block.ts";
import type { Seed } from "../ir/seed.ts";
import { LAYERS, type Model, type ModelSet, type SourceShape } from "../ir/model.ts";
import { parseHeader } from "./header.ts";
import { sourcesOf } from "./joins.ts";
import { readModelFiles } from "./model-files.ts";
import { bindModel, type ParsedModel, selectsOf } from "./model.ts";
import { inOrder } from "./order.ts";
import { ModelError, type ModelProblem, modelSetInvalid, refuse } from "./problem.ts";
import { isSeedFile, parseSeed, seedShape } from "./seed.ts";
import { SourceFile } from "./source-file.ts";
import { parseSelect } from "./syntax.ts";
import { topicShape } from "./topic-shape.ts";

export interface CheckedModels {
  /** The models that are right and whose inputs are. */
  readonly set: ModelSet;
  /** At most one for each file, in the order of the files. */
  readonly problems: readonly ModelProblem[];
}

/**
 * Loads every `<layer>/<name>.sql` of a folder.
 * @throws MODEL_FOLDER_UNREADABLE, MODEL_SET_TOO_LARGE, MODEL_SET_INVALID with all files' problems in `details.problems`
 */
export async function loadModels(directory: string, topics: readonly Topic[]): Promise<ModelSet> {
  const { set, problems } = await checkModels(await readModelFiles(directory), topics);
  if (problems.length > 0) throw modelSetInvalid(problems);
  return set;
}

/** Checks files against each other and the topics; a model below a refused one is left out without a problem of its own. */
export async function checkModels(
  files: readonly SourceFile[],
  topics: readonly Topic[],
): Promise<CheckedModels> {
  const problems: ModelProblem[] = [];
  const attempt = async <T>(action: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      problems.push(error.problem);
      return null;
    }
  };
  const seeds = new Map<string, Seed>();
  for (const file of files.filter(isSeedFile)) {
    const seed = await attempt(() => parseSeed(file));
    if (seed) seeds.set(seed.name, seed);
  }
  const parsed = new Map<string, ParsedModel>();
  const refused = new Set<string>();
  await withParser(async (connection) => {
    for (const file of files.filter((one) => !isSeedFile(one))) {
      const one = await attempt(() => parseModel(connection, file, parsed));
      if (one) parsed.set(one.name, one);
      else refused.add(posix.basename(file.path, ".sql"));
    }
  });
  const byName = new Map<string, Model>();
  const { ordered, cycles } = inOrder(parsed);
  problems.push(...cycles);
  for (const one of ordered) {
    const isBelowRefused = one.sources.some(
      ({ source }) =>
        source.kind === "model" &&
        !byName.has(source.name) &&
        (parsed.has(source.name) || refused.has(source.name)),
    );
    if (isBelowRefused) continue;
    const model = await attempt(() =>
      bindToInputs(one, { models: byName, topics, seeds }, [...parsed.keys()]),
    );
    if (model) byName.set(model.name, model);
  }
  for (const one of parsed.values()) await attempt(() => checkRelations(one, byName, parsed));
  const order = new Map(files.map((file, index) => [file.path, index]));
  problems.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
  return { set: { models: [...byName.values()], byName, topics }, problems };
}

async function withParser(action: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await action(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function parseModel(
  connection: DuckDBConnection,
  file: SourceFile,
  others: ReadonlyMap<string, ParsedModel>,
): Promise<ParsedModel> {
  const header = parseHeader(file);
  const name = posix.basename(file.path, ".sql");
  const folder = posix.dirname(file.path);
  if (folder !== header.layer || !name.startsWith(`${header.layer}_`) || !/^[a-z][a-z0-9_]*$/.test(name)) {
    refuse(file, header.locate("layer"), {
      code: "MODEL_HEADER_INVALID",
      construct: `layer: ${header.layer}`,
      message: `the file is ${file.path}`,
      remedy: `name it ${header.layer}/${header.layer}_<noun>.sql, in lower case`,
    });
  }
  if (others.has(name)) {
    refuse(file, 0, {
      code: "MODEL_DUPLICATE_NAME",
      construct: name,
      message: `${others.get(name)?.file.path} has this name too`,
      remedy: "rename one of the files",
    });
  }
  const node = await parseSelect(connection, file, header.sqlStart);
  const sources = selectsOf(file, node, header.sqlStart).flatMap((select) =>
    sourcesOf(file, select.from_table, header.sqlStart),
  );
  return { name, file, header, node, sources };
}

/** What a model can read. */
interface Readable {
  readonly models: ReadonlyMap<string, Model>;
  readonly topics: readonly Topic[];
  readonly seeds: ReadonlyMap<string, Seed>;
}

function bindToInputs(
  one: ParsedModel,
  { models, topics, seeds }: Readable,
  names: readonly string[],
): Model {
  const shapeOf = (source: Source, location: number): SourceShape => {
    const shapes: Record<Source["kind"], () => SourceShape | null> = {
      topic: () => topicNamed(topics, source.name),
      model: () => modelShape(models.get(source.name)),
      seed: () => seedShape(seeds.get(source.name)),
    };
    const shape = shapes[source.kind]();
    if (shape === null) {
      const known = { topic: topics.map((topic) => topic.name), model: names, seed: [...seeds.keys()] };
      return refuse(one.file, location, {
        code: "MODEL_UNKNOWN_REF",
        construct: `${source.kind === "topic" ? "topic" : "ref"}('${source.name}')`,
        message: `there is no such ${source.kind}`,
        remedy: `name one of ${known[source.kind].join(", ")}`,
      });
    }
    checkLayer(one, source, models.get(source.name), location);
    return shape;
  };
  const inputs = [
    ...new Set(one.sources.flatMap(({ source }) => models.get(source.name)?.fingerprint ?? [])),
  ];
  const model = bindModel(one, { shapeOf, fingerprints: inputs });
  checkOnlyReader(one, model, models);
  return model;
}

/** Two models of one topic could be apart in the lake after a crash, and then no one place in the log fits both. */
function checkOnlyReader(one: ParsedModel, model: Model, models: ReadonlyMap<string, Model>): void {
  const [topic] = model.topics;
  if (topic === undefined) return;
  const other = [...models.values()].find((known) => known.topics.includes(topic));
  if (other === undefined) return;
  refuse(one.file, one.sources[0]?.location ?? 0, {
    code: "MODEL_UNSUPPORTED",
    construct: `topic('${topic}') in two models`,
    message: `${other.name} keeps the lines of this topic already`,
    remedy: `read ref('${other.name}')`,
  });
}

function checkLayer(one: ParsedModel, source: Source, input: Model | undefined, location: number): void {
  const refuseLayer = (message: string, remedy: string): never =>
    refuse(one.file, location, { code: "MODEL_LAYER", construct: source.name, message, remedy });
  const { layer } = one.header;
  if (source.kind === "topic" && layer !== "ods") {
    refuseLayer("only ods reads topics", "read the ods model of the topic with ref()");
  }
  if (source.kind === "model" && input && LAYERS.indexOf(input.layer) > LAYERS.indexOf(layer)) {
    refuseLayer(
      `a ${layer} model can't read a later layer, ${input.layer}`,
      `layers go ${LAYERS.join(" → ")}`,
    );
  }
}

/** A relation test names a model that stands, and its column. */
function checkRelations(
  one: ParsedModel,
  models: ReadonlyMap<string, Model>,
  parsed: ReadonlyMap<string, ParsedModel>,
): void {
  one.header.tests.forEach((test, index) => {
    if (test.kind !== "relation") return;
    const target = models.get(test.to.model);
    if (target?.columns.some((column) => column.name === test.to.column)) return;
    if (target === undefined && parsed.has(test.to.model)) return;
    refuse(one.file, one.header.locate("tests", index), {
      code: "MODEL_UNKNOWN_REF",
      construct: `${test.to.model}.${test.to.column}`,
      message: "the relation points at no column of a model",
      remedy: "write to: model.column",
    });
  });
}

function topicNamed(topics: readonly Topic[], name: string): SourceShape | null {
  const topic = topics.find((one) => one.name === name);
  return topic ? topicShape(topic) : null;
}

/** A model as its readers see it. */
export function modelShape(model: Model | undefined): SourceShape | null {
  if (model === undefined) return null;
  const columns = model.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
  return { source: { kind: "model", name: model.name }, columns, key: model.key, partition: model.partition };
}
