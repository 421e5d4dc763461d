import { expect, test } from "vitest";
import { staleFiles } from "./generate-clients.ts";

test("documents and clients are those of the routes (else: npm run generate)", async () => {
  expect((await staleFiles()).map((file) => file.path)).toEqual([]);
});
