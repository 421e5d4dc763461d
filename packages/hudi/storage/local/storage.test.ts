import { mkdir } from "node:fs/promises";
import { useFixture } from "../../testing/fixture.ts";
import { describeStorage } from "../contract-tests/describe-storage.ts";
import { LocalStorage } from "./storage.ts";

const fixture = useFixture();

describeStorage("local disk", async () => {
  const directory = fixture.path();
  await mkdir(directory, { recursive: true });
  return { storage: new LocalStorage(), directory };
});
