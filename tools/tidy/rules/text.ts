import { isGenerated, isText, lineAt, type Finding, type Repository } from "../repository.ts";

const MACHINE_PATH = /(?<![\w.~$}\])*-])\/(?:root|work|Users|home|mnt|private)\/[\w.-]+/g;

/** No path of one machine: it means nothing on another. */
export function machinePaths(repository: Repository): Finding[] {
  return matches(repository, MACHINE_PATH, (found) => `${found} is a path of one machine`);
}

const MARK = /\b(TODO|FIXME|XXX|HACK)\b/g;

/** What is still to be done stands in docs/decisions or in an issue, not in the code. */
export function marks(repository: Repository): Finding[] {
  return matches(repository, MARK, (found) => `${found} left in the text`);
}

/** These two hold what they look for. */
const ABOUT_MARKS = new Set(["tools/tidy/rules/text.ts", "tools/tidy/rules.test.ts"]);

function matches(repository: Repository, pattern: RegExp, message: (found: string) => string): Finding[] {
  return repository.paths
    .filter((path) => isText(path) && !isGenerated(path) && path !== "LICENSE")
    .filter((path) => !ABOUT_MARKS.has(path))
    .flatMap((path) => {
      const text = repository.text(path);
      return [...text.matchAll(pattern)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        message: message(match[0]),
      }));
    });
}
