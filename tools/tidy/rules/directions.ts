import { importsOf, packageName, relativeTarget } from "../imports.ts";
import type { Finding, Repository } from "../repository.ts";
import { BROWSER_ROOMS, mayImport, roomOf, roomsOf } from "../rooms.ts";

/** Imports between packages go one way, and by the package's name. */
export function importDirections(repository: Repository): Finding[] {
  const rooms = roomsOf(repository);
  const byName = new Map([...rooms.values()].map((room) => [room.name, room]));
  const findings: Finding[] = [];
  for (const found of importsOf(repository)) {
    const from = roomOf(rooms, found.path);
    if (!from) continue;
    const target = relativeTarget(found);
    if (target !== undefined) {
      if (!target.startsWith(`${from.folder}/`)) {
        findings.push({
          ...found,
          message: `${found.specifier} leaves ${from.folder}; import it by its package's name`,
        });
      }
      continue;
    }
    const to = byName.get(packageName(found.specifier) ?? "");
    if (!to) continue;
    const allowed = mayImport(from, to);
    if (allowed === undefined)
      findings.push({ ...found, message: `${from.folder} is not in the law of directions` });
    else if (!allowed) findings.push({ ...found, message: `${from.folder} may not import ${to.name}` });
  }
  return findings;
}

/** What runs in browsers knows nothing of Node. Its tests and its build's configuration run in Node, and may. */
export function browserRooms(repository: Repository): Finding[] {
  return importsOf(repository)
    .filter(({ path }) => BROWSER_ROOMS.some((folder) => path.startsWith(`${folder}/`)))
    .filter(({ path }) => !/\.test\.ts$|(^|\/)(vite|vitest)\.config\.ts$/.test(path))
    .filter(({ path }) => !/\/(e2e|browser)\//.test(path))
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map((found) => ({ ...found, message: `${found.specifier} does not exist in a browser` }));
}
