import { defineConfig } from "vitest/config";

const ROOMS = "{packages,services,apps,deploy,tools,bench,interop}";
const NEVER = ["**/node_modules/**", "**/dist/**"];
const END_TO_END = "**/*.e2e.test.ts";
const BROWSER = "**/*.browser.test.ts";
const INTEROP = "**/*.interop.test.ts";
const TIDY = "tools/tidy/**/*.test.ts";

export default defineConfig({
  test: {
    // two cores: more workers than that only make the timings worse
    maxWorkers: 2,
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${ROOMS}/**/*.test.ts`],
          exclude: [...NEVER, END_TO_END, BROWSER, INTEROP, TIDY],
          // a bound of what hangs; a machine that has other work takes many times as long
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      { extends: true, test: { name: "tidy", include: [TIDY], exclude: NEVER } },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [`${ROOMS}/${END_TO_END}`],
          exclude: NEVER,
          testTimeout: 600_000,
          hookTimeout: 180_000,
          // each starts a platform of its own; side by side they would measure each other
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: [`${ROOMS}/${BROWSER}`],
          exclude: NEVER,
          testTimeout: 600_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "interop",
          include: [`${ROOMS}/${INTEROP}`],
          exclude: NEVER,
          testTimeout: 600_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
