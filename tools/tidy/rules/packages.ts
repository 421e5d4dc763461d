import { importsOf, packageName } from "../imports.ts";
import type { Finding, Repository } from "../repository.ts";
import { roomOf, roomsOf } from "../rooms.ts";

interface Manifest {
  license?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const SHORTEST_README = 200;
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

function manifests(repository: Repository): { path: string; manifest: Manifest }[] {
  return repository.paths
    .filter((path) => path === "package.json" || path.endsWith("/package.json"))
    .map((path) => ({ path, manifest: JSON.parse(repository.text(path)) as Manifest }));
}

function dependenciesOf({
  dependencies,
  devDependencies,
  optionalDependencies,
}: Manifest): Record<string, string> {
  return { ...dependencies, ...devDependencies, ...optionalDependencies };
}

/** Every package says what it is for. */
export function readmes(repository: Repository): Finding[] {
  return [...roomsOf(repository).keys()]
    .map((folder) => `${folder}/README.md`)
    .filter((path) => !repository.has(path) || repository.text(path).trim().length < SHORTEST_README)
    .map((path) => ({ path, message: "the package has no README that says what it is for" }));
}

/** Every dependency is pinned to one version: npm's in each package.json, Python's in each requirements file. */
export function pinned(repository: Repository): Finding[] {
  const npm = manifests(repository).flatMap(({ path, manifest }) =>
    Object.entries(dependenciesOf(manifest))
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => ({ path, message: `${name} is "${version}", not one exact version` })),
  );
  const python = repository.paths
    .filter((path) => /(^|\/)requirements[\w-]*\.txt$/.test(path))
    .flatMap((path) =>
      repository
        .text(path)
        .split("\n")
        .map((text, index) => ({ path, line: index + 1, text: text.replace(/#.*/, "").trim() }))
        .filter(
          ({ text }) =>
            text !== "" && !text.startsWith("-") && !/^[\w.[\]-]+==[\w.+]+(\s*[;\\].*)?$/.test(text),
        )
        .map(({ text, ...place }) => ({ ...place, message: `"${text}" is not one exact version` })),
    );
  return [...npm, ...python];
}

/** What a package imports, it declares: hoisting would hide the lack until the day it is used alone. */
export function declared(repository: Repository): Finding[] {
  const rooms = roomsOf(repository);
  const byFolder = new Map(
    manifests(repository).map(({ path, manifest }) => [
      path.replace(/\/?package\.json$/, ""),
      new Set(Object.keys(dependenciesOf(manifest))),
    ]),
  );
  const tools = byFolder.get("") ?? new Set();
  return importsOf(repository).flatMap((found) => {
    const name = packageName(found.specifier);
    const room = roomOf(rooms, found.path);
    if (name === undefined || !room || name === room.name || name.startsWith("virtual:")) return [];
    if (byFolder.get(room.folder)?.has(name)) return [];
    // the root's development tools serve what is never shipped: tests and configuration
    if (
      tools.has(name) &&
      /\.(test|fixture)\.ts$|\.config\.ts$|^(tools|bench|interop)\/|\/(e2e|browser|contract-tests|testing)\//.test(
        found.path,
      )
    ) {
      return [];
    }
    return [{ ...found, message: `${name} is not declared in ${room.folder}/package.json` }];
  });
}

/** The lockfile names no registry: it must serve whoever clones it. */
export function lockfile(repository: Repository): Finding[] {
  const path = "package-lock.json";
  if (!repository.has(path)) return [{ path, message: "there is no lockfile" }];
  return repository
    .text(path)
    .split("\n")
    .flatMap((text, index) =>
      /"resolved":\s*"\w+:/.test(text)
        ? [{ path, line: index + 1, message: "it names where a package was fetched from" }]
        : [],
    );
}

/** Apache-2.0, in full at the root and named by every package. */
export function license(repository: Repository): Finding[] {
  const findings: Finding[] = [];
  const path = "LICENSE";
  if (!repository.has(path) || !/Apache License\s+Version 2\.0/.test(repository.text(path))) {
    findings.push({ path, message: "the Apache License 2.0 is not there" });
  }
  for (const { path: file, manifest } of manifests(repository)) {
    if (manifest.license !== "Apache-2.0")
      findings.push({ path: file, message: "its license is not Apache-2.0" });
  }
  return findings;
}
