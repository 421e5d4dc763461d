import type { Rule } from "./repository.ts";
import { browserRooms, importDirections } from "./rules/directions.ts";
import { decisions, links, namedFiles } from "./rules/documents.ts";
import { fileSize, names } from "./rules/form.ts";
import { declared, license, lockfile, pinned, readmes } from "./rules/packages.ts";
import { honestTests } from "./rules/tests.ts";
import { machinePaths, marks } from "./rules/text.ts";

/** What is held to be tidy. Each rule has fixtures in `rules.test.ts` that show it failing. */
export const RULES: Readonly<Record<string, Rule>> = {
  "imports go one way": importDirections,
  "what runs in a browser imports nothing of Node": browserRooms,
  "a file is one idea": fileSize,
  "names say what is in it": names,
  "every package has a README": readmes,
  "every dependency is pinned": pinned,
  "every import is declared": declared,
  "the lockfile names no registry": lockfile,
  "the license is there": license,
  "no path of one machine": machinePaths,
  "no mark of work undone": marks,
  "no test is evaded": honestTests,
  "links lead somewhere": links,
  "documents name files that are there": namedFiles,
  "decisions are numbered without holes": decisions,
};
