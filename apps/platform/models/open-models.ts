import { TOPICS } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import {
  type CheckedTests,
  checkModels,
  checkTests,
  columnReaders,
  columnTree,
  type CheckedModels,
  describeModel,
  goldenFiles,
  type Model,
  type ModelDescription,
  type ModelProblem,
  modelSetInvalid,
  type ModelSet,
  presentGoldens,
  readModelFiles,
  readTestFiles,
  renewGoldens,
  seedsOf,
  selectModels,
} from "@gridlake/pipeline";
import { type Answer, answerOf } from "../lake/answer.ts";
import { openLakeQuery } from "../lake-query.ts";
import { MODELS_DIR } from "../models-dir.ts";
import { compileModels, type CompiledFile, type Dialect, type FlinkPlace } from "./compile.ts";
import { type LineageForm, writeLineage } from "./lineage.ts";
import { type TestedRule, testModels } from "./test-models.ts";

/** Which models are meant; see `selectModels`. */
export interface ModelSelection {
  select?: readonly string[];
  exclude?: readonly string[];
}

export interface CheckAnswer {
  /** Files looked at, and the models that are right. */
  files: number;
  models: number;
  problems: readonly ModelProblem[];
}

export interface ShownModel extends ModelDescription {
  /** The first rows in the lake; null where there is no lake or none was asked for. */
  sample: Answer | null;
}

/** The models of a folder for those who write them; nothing is run on them but what is asked for. */
export class Models {
  readonly directory: string;
  readonly #files: number;
  readonly #checked: CheckedModels;
  readonly #tests: CheckedTests;

  private constructor(directory: string, files: number, checked: CheckedModels, tests: CheckedTests) {
    this.directory = directory;
    this.#files = files;
    this.#checked = checked;
    this.#tests = tests;
  }

  /** @throws MODEL_FOLDER_UNREADABLE, MODEL_SET_TOO_LARGE */
  static async open({ directory = MODELS_DIR }: { directory?: string }): Promise<Models> {
    const files = await readModelFiles(directory);
    const testFiles = await readTestFiles(directory);
    const checked = await checkModels(files, TOPICS);
    const tests = await checkTests(testFiles, checked.set);
    return new Models(directory, files.length + testFiles.length, checked, tests);
  }

  /** What is wrong with the files; the other calls refuse a folder that has problems. */
  check(): CheckAnswer {
    const { set } = this.#checked;
    return { files: this.#files, models: set.models.length, problems: this.#problems };
  }

  list(selection: ModelSelection): Answer {
    const rows = this.#select(selection).map((model) => ({
      model: model.name,
      layer: model.layer,
      owner: model.owner,
      tags: model.tags.join(", "),
      key: model.key.join(", "),
      reads: [
        ...model.topics.map((topic) => `topic ${topic}`),
        ...seedsOf(model).map((seed) => `seed ${seed}`),
        ...model.inputs,
      ].join(", "),
      columns: model.columns.length,
      tests: model.tests.length,
      live: model.live,
      file: model.file,
    }));
    const text = "VARCHAR";
    return answerOf(
      {
        model: text,
        layer: text,
        owner: text,
        tags: text,
        key: text,
        reads: text,
        columns: "BIGINT",
        tests: "BIGINT",
        live: "BOOLEAN",
        file: text,
      },
      rows,
    );
  }

  async show(name: string, options: { dataDir?: string; limit: number }): Promise<ShownModel> {
    const model = this.#model(name);
    return { ...describeModel(this.set, model), sample: await this.#sample(model, options) };
  }

  /** The lineage of models, or of one column (`model.column`), in the form wished for. */
  lineage(
    of: readonly string[],
    { form, exclude }: { form: LineageForm; exclude?: readonly string[] },
  ): string {
    const { model, column } = this.#column(of);
    if (model === null || column === null)
      return writeLineage(this.set, { form, models: this.#select({ select: of, exclude: exclude ?? [] }) });
    return writeLineage(this.set, {
      form,
      models: [model],
      column: {
        tree: columnTree(this.set, model.name, column),
        readers: columnReaders(this.set, model.name, column),
      },
    });
  }

  compile(dialect: Dialect, selection: ModelSelection, place: FlinkPlace): readonly CompiledFile[] {
    return compileModels(this.set, this.#select(selection), dialect, place);
  }

  /** The goldens that are not those of the models, by path; written anew if wished. */
  async goldens({ write }: { write: boolean }): Promise<readonly string[]> {
    if (write) return renewGoldens(this.directory, this.set);
    const [wanted, there] = [
      await goldenFiles(this.directory, this.set),
      await presentGoldens(this.directory),
    ];
    const paths = new Set([...wanted.keys(), ...there.keys()]);
    return [...paths].filter((path) => wanted.get(path) !== there.get(path)).sort();
  }

  /** Runs the tests of models over the lake; see `testModels`. */
  test(
    options: ModelSelection & {
      dataDir: string;
      asOf?: string;
      samples?: number;
      onTest: (tested: TestedRule) => void;
    },
  ): Promise<{ checkpoint: number; tests: number }> {
    const { select, exclude, ...rest } = options;
    const models = this.#select({
      ...(select === undefined ? {} : { select }),
      ...(exclude === undefined ? {} : { exclude }),
    });
    return testModels({ set: this.set, singular: this.#tests.singular, models, ...rest });
  }

  /** @throws MODEL_SET_INVALID */
  get set(): ModelSet {
    if (this.#problems.length > 0) throw modelSetInvalid(this.#problems);
    return this.#checked.set;
  }

  get #problems(): readonly ModelProblem[] {
    return [...this.#checked.problems, ...this.#tests.problems];
  }

  #select(selection: ModelSelection): readonly Model[] {
    return selectModels(this.set, selection);
  }

  #model(name: string): Model {
    const model = this.set.byName.get(name);
    if (model !== undefined) return model;
    throw new GridlakeError("MODEL_UNKNOWN", `there is no model ${name}`, {
      remedy: "./gridlake models ls shows them",
      details: { model: name },
      status: 404,
    });
  }

  /** `model.column`, where that is what was asked for. */
  #column(of: readonly string[]): { model: Model | null; column: string | null } {
    const [only = "", ...others] = of;
    const [name = "", column, ...rest] = only.split(".");
    const model = this.set.byName.get(name);
    if (others.length + rest.length > 0 || model === undefined || column === undefined)
      return { model: null, column: null };
    if (model.columns.some((one) => one.name === column)) return { model, column };
    throw new GridlakeError("MODEL_UNKNOWN_COLUMN", `${name} has no column ${column}`, {
      remedy: `it has ${model.columns.map((one) => one.name).join(", ")}`,
      details: { model: name, column },
      status: 404,
    });
  }

  async #sample(
    model: Model,
    { dataDir, limit }: { dataDir?: string; limit: number },
  ): Promise<Answer | null> {
    if (dataDir === undefined || limit === 0) return null;
    const lake = await openLakeQuery({ dataDir, modelsDir: this.directory });
    try {
      const names = model.columns.map(({ name }) => `"${name}"`).join(", ");
      return await lake.run(`SELECT ${names} FROM "${model.name}" LIMIT ${limit}`);
    } finally {
      await lake.close();
    }
  }
}
