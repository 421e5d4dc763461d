import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,services,apps,tools}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000,
    // two cores: more workers than that only make the timings worse
    maxWorkers: 2,
    pool: "forks",
  },
});
