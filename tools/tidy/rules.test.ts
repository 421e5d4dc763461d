import { expect, test } from "vitest";
import { describe, repositoryOf } from "./repository.ts";
import { RULES } from "./rules.ts";

/** Small repositories, each with one thing out of order, and what the rule must say of it. */
interface Fixture {
  rule: keyof typeof RULES;
  files: Record<string, string>;
  /** None where the rule must be content. */
  findings: string[];
}

const manifest = (name: string, dependencies: Record<string, string> = {}) =>
  JSON.stringify({ name, license: "Apache-2.0", dependencies });

const rooms = Object.fromEntries(
  ["kernel", "contracts", "hudi", "durable-log", "pipeline", "service-kit"].map((name) => [
    `packages/${name}/package.json`,
    manifest(`@gridlake/${name}`),
  ]),
);
const house = {
  ...rooms,
  "services/authority/package.json": manifest("@gridlake/authority"),
  "services/telemetry/package.json": manifest("@gridlake/telemetry"),
  "apps/cli/package.json": manifest("@gridlake/cli"),
  "apps/platform/package.json": manifest("@gridlake/platform"),
  "apps/web/package.json": manifest("@gridlake/web"),
};

const mark = "TODO";
const home = "/home/someone/gridlake";

const direction = (path: string, text: string, ...findings: string[]): Fixture => ({
  rule: "imports go one way",
  files: { ...house, [path]: text },
  findings,
});

const FIXTURES: Fixture[] = [
  direction("packages/pipeline/a.ts", 'import { x } from "@gridlake/hudi/table/table.ts";'),
  direction("services/telemetry/a.ts", 'import type { Log } from "@gridlake/durable-log";'),
  direction("apps/platform/a.ts", 'import "@gridlake/authority";'),
  direction(
    "packages/hudi/a.ts",
    '// first\nimport { x } from "@gridlake/pipeline";',
    "packages/hudi/a.ts:2: packages/hudi may not import @gridlake/pipeline",
  ),
  direction(
    "services/telemetry/a.ts",
    'export * from "@gridlake/authority/login.ts";',
    "services/telemetry/a.ts:1: services/telemetry may not import @gridlake/authority",
  ),
  direction(
    "apps/cli/a.ts",
    'const lake = await import("@gridlake/hudi");',
    "apps/cli/a.ts:1: apps/cli may not import @gridlake/hudi",
  ),
  direction(
    "packages/kernel/a.ts",
    'type Topic = import("@gridlake/contracts").Topic;',
    "packages/kernel/a.ts:1: packages/kernel may not import @gridlake/contracts",
  ),
  direction(
    "apps/web/App.vue",
    '<template><p /></template>\n<script setup lang="ts">\nimport { x } from "@gridlake/platform";\n</script>',
    "apps/web/App.vue:3: apps/web may not import @gridlake/platform",
  ),
  direction(
    "packages/kernel/deep/a.ts",
    'import "../../hudi/index.ts";',
    "packages/kernel/deep/a.ts:1: ../../hudi/index.ts leaves packages/kernel; import it by its package's name",
  ),
  direction("packages/kernel/a.ts", '// import "@gridlake/hudi"\nconst text = `import "@gridlake/hudi"`;'),
  {
    rule: "imports go one way",
    files: {
      ...house,
      "attic/package.json": manifest("@gridlake/attic"),
      "attic/a.ts": 'import "@gridlake/kernel";',
    },
    findings: ["attic/a.ts:1: attic is not in the law of directions"],
  },
  {
    rule: "what runs in a browser imports nothing of Node",
    files: {
      "packages/kernel/clock.ts": 'import { hrtime } from "node:process";',
      "packages/kernel/clock.test.ts": 'import { tmpdir } from "node:os";',
      "packages/hudi/storage.ts": 'import "node:fs";',
    },
    findings: ["packages/kernel/clock.ts:1: node:process does not exist in a browser"],
  },
  {
    rule: "a file is one idea",
    files: { "a.ts": "1\n".repeat(400), "b.ts": "1\n".repeat(401), "generated/c.ts": "1\n".repeat(500) },
    findings: ["b.ts: 401 lines; 400 are enough for one idea"],
  },
  {
    rule: "names say what is in it",
    files: {
      "packages/kernel/bounded-queue.test.ts": "",
      "apps/web/AppShell.vue": "",
      "apps/web/locale/zh-CN/login.ts": "",
      "models/dwd/dwd_readings.sql": "",
      "docs/decisions/0001-node.md": "",
      "README.md": "",
      ".oxlintrc.json": "",
      "packages/kernel/utils/a.ts": "",
      "packages/kernel/helpers.ts": "",
      "packages/kernel/boundedQueue.ts": "",
      "apps/web/app-shell.vue": "",
      "packages/BigRoom/a.ts": "",
    },
    findings: [
      'apps/web/app-shell.vue: "app-shell" is not written as file names are here',
      'packages/BigRoom/a.ts: folder "BigRoom" is not in kebab case',
      'packages/kernel/boundedQueue.ts: "boundedQueue" is not written as file names are here',
      'packages/kernel/helpers.ts: "helpers" names no idea of the domain',
      'packages/kernel/utils/a.ts: "utils" names no idea of the domain',
    ],
  },
  {
    rule: "every package has a README",
    files: {
      "packages/kernel/package.json": manifest("@gridlake/kernel"),
      "packages/kernel/README.md": `# kernel\n${"What it is for. ".repeat(20)}`,
      "packages/hudi/package.json": manifest("@gridlake/hudi"),
      "packages/hudi/README.md": "# hudi",
      "packages/pipeline/package.json": manifest("@gridlake/pipeline"),
    },
    findings: [
      "packages/hudi/README.md: the package has no README that says what it is for",
      "packages/pipeline/README.md: the package has no README that says what it is for",
    ],
  },
  {
    rule: "every dependency is pinned",
    files: {
      "package.json": manifest("gridlake", {
        exact: "1.2.3",
        candidate: "1.5.6-r.1",
        caret: "^1.2.3",
        any: "*",
      }),
      "services/ml/requirements.txt": "# the service\nflask==3.0.0\nnumpy>=2\n",
    },
    findings: [
      'package.json: caret is "^1.2.3", not one exact version',
      'package.json: any is "*", not one exact version',
      'services/ml/requirements.txt:3: "numpy>=2" is not one exact version',
    ],
  },
  {
    rule: "every import is declared",
    files: {
      "package.json": JSON.stringify({ name: "gridlake", devDependencies: { vitest: "5.1.1" } }),
      "packages/hudi/package.json": manifest("@gridlake/hudi", { avsc: "5.7.9" }),
      "packages/hudi/a.ts": 'import "avsc"; import "node:fs"; import "./b.ts"; import "lmdb/x.js";',
      "packages/hudi/a.test.ts": 'import "vitest";',
      "packages/hudi/a.fixture.ts": 'import "vitest";',
      "packages/hudi/b.ts": 'import "vitest";',
    },
    findings: [
      "packages/hudi/a.ts:1: lmdb is not declared in packages/hudi/package.json",
      "packages/hudi/b.ts:1: vitest is not declared in packages/hudi/package.json",
    ],
  },
  {
    rule: "the lockfile names no registry",
    files: {
      "package-lock.json":
        '{\n"resolved": "packages/kernel",\n"resolved": "https://registry.example/a.tgz"\n}',
    },
    findings: ["package-lock.json:3: it names where a package was fetched from"],
  },
  {
    rule: "the lockfile names no registry",
    files: {},
    findings: ["package-lock.json: there is no lockfile"],
  },
  {
    rule: "the license is there",
    files: { "package.json": JSON.stringify({ name: "gridlake", license: "MIT" }) },
    findings: ["LICENSE: the Apache License 2.0 is not there", "package.json: its license is not Apache-2.0"],
  },
  {
    rule: "no path of one machine",
    files: {
      "docs/a.md": `first\nsee ${home}`,
      "docs/b.md": "services/work/orders and ~/home/thing are no such paths",
      "docs/c.png": home,
    },
    findings: [`docs/a.md:2: ${home.split("/").slice(0, 3).join("/")} is a path of one machine`],
  },
  {
    rule: "no mark of work undone",
    files: { "packages/kernel/a.ts": `// ${mark}: later`, "packages/kernel/b.ts": `const ${mark}S = 1;` },
    findings: [`packages/kernel/a.ts:1: ${mark} left in the text`],
  },
  {
    rule: "no test is evaded",
    files: {
      "a.test.ts": [
        'test.skip("a", () => {});',
        'describe.each([1])("b", () => {});',
        'it.concurrent.only("c", () => {});',
        'test.todo("d");',
        'test("e", (context) => context.skip());',
        'test.skipIf(true)("f", () => {});',
        'rows.skip(3); const text = "test.only()";',
        'xit("g", () => {});',
      ].join("\n"),
      "a.ts": 'test.skip("this is no test file");',
    },
    findings: [
      "a.test.ts:1: .skip keeps a test from proving anything",
      "a.test.ts:3: .only keeps a test from proving anything",
      "a.test.ts:4: .todo keeps a test from proving anything",
      "a.test.ts:5: skip() keeps a test from proving anything",
      "a.test.ts:6: .skipIf keeps a test from proving anything",
      "a.test.ts:8: xit keeps a test from proving anything",
    ],
  },
  {
    rule: "links lead somewhere",
    files: {
      "README.md": [
        "[good](docs/guide/start.md) [folder](docs/guide) [anchor](docs/guide/start.md#the-first-start)",
        "[web](https://example.org) `[code](nowhere.md)`",
        "```\n[code](nowhere.md)\n```",
        "[bad](docs/nowhere.md) ![shot](docs/shot.png)",
        "[bad anchor](docs/guide/start.md#second)",
      ].join("\n"),
      "docs/guide/start.md": "# Start\n## The `first` start!\n[up](../../README.md)",
    },
    findings: [
      "README.md:6: docs/nowhere.md leads nowhere",
      "README.md:6: docs/shot.png leads nowhere",
      "README.md:7: docs/guide/start.md#second: no heading makes this anchor",
    ],
  },
  {
    rule: "documents name files that are there",
    files: {
      "packages/hudi/table/table.ts": "",
      "packages/hudi/README.md": [
        "`packages/hudi/table/table.ts` `packages/hudi` `packages/hudi/` `services/*/index.ts` `apps/<name>`",
        "packages/nowhere as mere text, `npx vitest run packages/hudi`",
        "`packages/hudi/table/gone.ts` and `services/nowhere`",
      ].join("\n"),
    },
    findings: [
      "packages/hudi/README.md:3: there is no packages/hudi/table/gone.ts",
      "packages/hudi/README.md:3: there is no services/nowhere",
    ],
  },
  {
    rule: "decisions are numbered without holes",
    files: {
      "docs/decisions/README.md": "# Decisions",
      "docs/decisions/0001-node.md": "# 0001 Node",
      "docs/decisions/0003-lmdb.md": "# Lmdb",
      "docs/decisions/0003-twice.md": "# 0003 Twice",
      "docs/decisions/thoughts.md": "# Thoughts",
    },
    findings: [
      "docs/decisions/0003-lmdb.md: 0002 is due here",
      'docs/decisions/0003-lmdb.md: its title is not "# 0003 …"',
      "docs/decisions/0003-twice.md: 0004 is due here",
      "docs/decisions/thoughts.md: a decision is named 0001-what-was-decided.md",
    ],
  },
];

test.each(FIXTURES)("$rule: finds $findings", ({ rule, files, findings }) => {
  expect(RULES[rule]!(repositoryOf(files)).map(describe)).toEqual(findings);
});

test("no rule is without a fixture that it refuses", () => {
  const refused = new Set(FIXTURES.filter(({ findings }) => findings.length > 0).map(({ rule }) => rule));
  expect([...refused].sort()).toEqual(Object.keys(RULES).sort());
});
