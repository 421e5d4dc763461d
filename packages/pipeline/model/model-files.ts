import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { GridlakeError } from "@gridlake/kernel";
import { SourceFile } from "./source-file.ts";

/** Most files a folder of models may hold. */
const MAX_MODELS = 2_000;
/** Goldens stand beside the layers; their SQL is no model. */
export const GOLDEN_FOLDER = "golden";
/** Longest model file, in characters. */
const MAX_FILE_LENGTH = 256 * 1_024;

/** Singular tests stand here, beside the layers; see data-tests/singular.ts. */
const TESTS_FOLDER = "tests";

/**
 * The models' `.sql` files below a folder, and the `.csv` files of its `seeds`, by path.
 * @throws MODEL_FOLDER_UNREADABLE, MODEL_SET_TOO_LARGE (over 2,000 files, or one over 256 Ki characters)
 */
export async function readModelFiles(directory: string): Promise<SourceFile[]> {
  return (await readSqlFiles(directory)).filter(({ path }) => !isTest(path));
}

/** The singular tests' files of a folder of models. @throws as `readModelFiles` */
export async function readTestFiles(directory: string): Promise<SourceFile[]> {
  return (await readSqlFiles(directory)).filter(({ path }) => isTest(path));
}

function isTest(path: string): boolean {
  return path.startsWith(`${TESTS_FOLDER}/`);
}

async function readSqlFiles(directory: string): Promise<SourceFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (cause: unknown) => {
      throw new GridlakeError("MODEL_FOLDER_UNREADABLE", `the models' folder ${directory} can't be read`, {
        remedy: "name a folder that holds <layer>/<name>.sql",
        cause,
      });
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join(posix.sep))
    .filter((path) => path.endsWith(".sql") || /^seeds\/[^/]+\.csv$/.test(path))
    .filter((path) => !path.startsWith(`${GOLDEN_FOLDER}/`))
    .sort();
  if (paths.length > MAX_MODELS) {
    throw tooLarge(`${directory} holds ${paths.length} models`, `keep to ${MAX_MODELS} a folder`);
  }
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(directory, path), "utf8");
      if (text.length > MAX_FILE_LENGTH)
        throw tooLarge(`${path} is too long`, `keep to ${MAX_FILE_LENGTH} characters`);
      return new SourceFile(path, text);
    }),
  );
}

function tooLarge(message: string, remedy: string): GridlakeError {
  return new GridlakeError("MODEL_SET_TOO_LARGE", message, { remedy, status: 422 });
}
