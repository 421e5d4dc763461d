import { posix } from "node:path";
import ts from "typescript";
import { parse } from "vue/compiler-sfc";
import { lineAt, type Repository } from "./repository.ts";

export interface Import {
  path: string;
  line: number;
  specifier: string;
}

const CODE = /\.(ts|mts|js|mjs|vue)$/;

/** Every import, export-from, dynamic import and type import of the repository's code, as the compiler finds them. */
export function importsOf(repository: Repository): Import[] {
  return repository.paths.filter((path) => CODE.test(path)).flatMap((path) => fileImports(repository, path));
}

function fileImports(repository: Repository, path: string): Import[] {
  const whole = repository.text(path);
  return scripts(path, whole).flatMap(({ text, offset }) =>
    ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
      path,
      line: lineAt(whole, offset + pos),
      specifier: fileName,
    })),
  );
}

function scripts(path: string, text: string): { text: string; offset: number }[] {
  if (!path.endsWith(".vue")) return [{ text, offset: 0 }];
  const { descriptor } = parse(text, { filename: path });
  return [descriptor.script, descriptor.scriptSetup]
    .filter((block) => block !== null)
    .map((block) => ({ text: block.content, offset: block.loc.start.offset }));
}

/** The file that a relative import names, from the root; undefined for a package. */
export function relativeTarget({ path, specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}

/** `@scope/name` or `name` of a package import; undefined for a relative one or a module of Node's. */
export function packageName(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("/") || specifier.startsWith("node:"))
    return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
