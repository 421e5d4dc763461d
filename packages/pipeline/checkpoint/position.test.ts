import { expect, test } from "vitest";
import { madeBy, madeSince, meaningOf } from "./meaning.ts";
import { decodePosition, encodePosition, type LakePosition } from "./position.ts";
import { shippedModels } from "../runtime/pipeline.fixture.ts";

const position: LakePosition = {
  checkpoint: 3,
  sequence: 41,
  streamMs: 1_234.567,
  offsets: { readings: 7 },
  tables: ["ods_reading"],
  timeZone: "UTC",
  partition: "received_at",
  source: { madeBy: "x", since: 2 },
};

test("a position is read as it was written; a commit of another writer has none", () => {
  expect(decodePosition(encodePosition(position), "t")).toEqual(position);
  expect(decodePosition({ schema: "{}" }, "t")).toBeNull();
});

test.each(["", "{", "null", "7", "{}", '{"checkpoint":1.5,"sequence":1}', '{"checkpoint":1,"sequence":"1"}'])(
  "%j is no position: CHECKPOINT_METADATA_INVALID, naming the table",
  (text) => {
    const decode = (): unknown => decodePosition({ "gridlake.position": text }, "dws_load");
    expect(decode).toThrow(
      expect.objectContaining({
        code: "CHECKPOINT_METADATA_INVALID",
        message: expect.stringContaining("dws_load"),
        remedy: expect.stringContaining("earlier instant"),
      }),
    );
  },
);

test("another time zone gives days another meaning, and lines none", async () => {
  const { byName } = await shippedModels();
  const [source, day] = [byName.get("ods_reading"), byName.get("dws_energy_day")];
  if (source === undefined || day === undefined) throw new Error("not shipped");
  expect(meaningOf(source, "UTC")).toBe(meaningOf(source, "Asia/Shanghai"));
  expect(meaningOf(day, "UTC")).not.toBe(meaningOf(day, "Asia/Shanghai"));
});

test("a source's rows are the model's from the offset at which it took them over", async () => {
  const source = (await shippedModels()).byName.get("ods_reading");
  if (source === undefined) throw new Error("not shipped");
  expect(madeSince(source, "readings", null)).toBe(0);
  expect(madeSince(source, "readings", position)).toBe(7);
  const own = { ...position, source: { madeBy: madeBy(source), since: 2 } };
  expect(madeSince(source, "readings", own)).toBe(2);
});
