import { posix } from "node:path";
import { lineAt, type Finding, type Repository } from "../repository.ts";

const FENCE = /^(```|~~~)[\s\S]*?^\1/gm;
const INLINE_CODE = /`[^`\n]*`/g;
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;

/** A relative link in a Markdown file leads to a file, and its anchor to a heading there. */
export function links(repository: Repository): Finding[] {
  const folders = new Set(repository.paths.flatMap(parents));
  return repository.paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      // code is blanked, not cut, so that the line numbers stay
      const text = repository.text(path).replace(FENCE, blank).replace(INLINE_CODE, blank);
      return [...text.matchAll(LINK)].flatMap(({ 1: link = "", index }) => {
        if (/^[a-z][a-z+.-]*:/.test(link)) return [];
        const problem = broken(repository, folders, path, link);
        return problem ? [{ path, line: lineAt(text, index), message: problem }] : [];
      });
    });
}

function broken(
  repository: Repository,
  folders: ReadonlySet<string>,
  path: string,
  link: string,
): string | undefined {
  const [file = "", anchor] = decodeURIComponent(link).split("#", 2);
  const target = file === "" ? path : posix.join(posix.dirname(path), file).replace(/\/$/, "");
  if (!repository.has(target) && !folders.has(target)) return `${link} leads nowhere`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return anchorsOf(repository.text(target)).has(anchor) ? undefined : `${link}: no heading makes this anchor`;
}

/** The anchors that a forge makes of the headings: lower case, without punctuation, blanks as hyphens. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replace(FENCE, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  return new Set(
    [...headings].map(({ 1: heading = "" }) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

function blank(code: string): string {
  return code.replace(/[^\n]/g, " ");
}

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

const NAMED_FILE = /(?<![\w/.-])(?:packages|services|apps|models|tools|bench|interop|deploy)\/[\w./-]*\w/g;

/** A path that a document names, from the root, is there: a guide to a house that was rebuilt misleads. */
export function namedFiles(repository: Repository): Finding[] {
  const folders = new Set(repository.paths.flatMap(parents));
  return repository.paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = repository.text(path);
      return [...text.matchAll(INLINE_CODE)].flatMap(({ 0: code, index }) =>
        [...code.matchAll(NAMED_FILE)]
          // a pattern or a placeholder names no one file
          .filter(() => !/[*<>{}$…]/.test(code))
          .filter(([name]) => !repository.has(name) && !folders.has(name))
          .map(([name]) => ({ path, line: lineAt(text, index), message: `there is no ${name}` })),
      );
    });
}

const DECISION = /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/;

/** Decisions are numbered from 0001 without a hole, each number once, and each is titled with its number. */
export function decisions(repository: Repository): Finding[] {
  const findings: Finding[] = [];
  let expected = 1;
  for (const path of repository.paths) {
    if (!path.startsWith("docs/decisions/") || path === "docs/decisions/README.md") continue;
    const number = DECISION.exec(path)?.[1];
    if (number === undefined) {
      findings.push({ path, message: "a decision is named 0001-what-was-decided.md" });
      continue;
    }
    const due = String(expected).padStart(4, "0");
    if (number !== due) findings.push({ path, message: `${due} is due here` });
    if (!repository.text(path).startsWith(`# ${number} `))
      findings.push({ path, message: `its title is not "# ${number} …"` });
    expected = Number(number) + 1;
  }
  return findings;
}
