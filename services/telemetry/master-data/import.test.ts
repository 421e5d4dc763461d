import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Rig, signedIn, startRig } from "../rig/service.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

async function send(
  path: string,
  csv: string | Buffer,
  headers: Record<string, string> = signedIn("dispatcher"),
) {
  const reply = await fetch(`${rig.url}/api/telemetry/${path}`, {
    method: "POST",
    headers: { "content-type": "text/csv", ...headers },
    body: csv,
  });
  const answer = (await reply.json()) as { error?: { code: string; details: Record<string, unknown> } };
  return { status: reply.status, answer, code: answer.error?.code, details: answer.error?.details };
}

const lines = async (topic: string) =>
  (await rig.records(topic)).flatMap(({ value }) => Buffer.from(value).toString().split("\n"));

test("rows become lines of the topic, typed by it, under the importer's name", async () => {
  const csv =
    '\ufefffeeder, device ,rated_voltage_v,name,deleted\r\nF1,M1,230,"Mill, ""Lane"" 3",\r\n\r\nF2,M2,,,TRUE\r\nF1,007,2.3e2,12,false\r\n';
  expect(await send("devices/import", csv)).toMatchObject({
    status: 200,
    answer: {
      topic: "devices",
      rows: 3,
      accepted: 3,
      rejected: 0,
      offsets: { first: 0, last: 0 },
      errors: [],
    },
  });
  expect((await lines("devices")).map((line) => JSON.parse(line))).toEqual([
    { feeder: "F1", device: "M1", rated_voltage_v: 230, name: 'Mill, "Lane" 3' },
    { feeder: "F2", device: "M2", deleted: true },
    { feeder: "F1", device: "007", rated_voltage_v: 230, name: "12", deleted: false },
  ]);
  expect((await rig.records("devices"))[0]?.headers).toEqual({ subject: "id-dispatcher" });
});

test("a long file is cut into bounded records that stand or fall together", async () => {
  await rig.stop();
  rig = await startRig({ config: { masterData: { maxRecordBytes: 300 } } });
  const rows = Array.from({ length: 100 }, (_, index) => `F${index},Feeder ${index}`);
  const { answer } = await send("feeders/import", gzipSync(`feeder,name\n${rows.join("\n")}`), {
    ...signedIn("admin"),
    "content-encoding": "gzip",
  });
  const records = await rig.records("feeders");
  expect(answer).toMatchObject({ accepted: 100, offsets: { first: 0, last: records.length - 1 } });
  expect(records.length).toBeGreaterThan(10);
  for (const { value } of records) expect(value.length).toBeLessThanOrEqual(300);
  expect((await lines("feeders")).map((line) => (JSON.parse(line) as { feeder: string }).feeder)).toEqual(
    rows.map((row) => row.split(",")[0]),
  );
});

const MIXED = `device,feeder,rated_voltage_v,deleted\nM1,F1,230,\n,F1,,\nM3,F1,high,\nM4,F1,-1,\n${"x".repeat(65)},F1,,\nM6,F1,,perhaps\n`;
const MIXED_ERRORS = [
  { line: 3, reason: "MISSING_FIELD", field: "device", value: "" },
  { line: 4, reason: "WRONG_TYPE", field: "rated_voltage_v", value: "high" },
  { line: 5, reason: "OUT_OF_RANGE", field: "rated_voltage_v", value: "-1" },
  { line: 6, reason: "OUT_OF_RANGE", field: "device", value: "x".repeat(65) },
  { line: 7, reason: "WRONG_TYPE", field: "deleted", value: "perhaps" },
];

test("one bad row refuses the file and every bad row is named", async () => {
  expect(await send("devices/import", MIXED)).toMatchObject({
    status: 422,
    code: "IMPORT_ROWS_INVALID",
    details: { rows: 6, rejected: 5, errors: MIXED_ERRORS },
  });
  expect(await lines("devices")).toEqual([]);
});

test("partial takes the good rows and still names the bad ones", async () => {
  expect(await send("devices/import?partial=true", MIXED)).toMatchObject({
    status: 200,
    answer: { rows: 6, accepted: 1, rejected: 5, errors: MIXED_ERRORS, queryable: false },
  });
  expect(await lines("devices")).toEqual(['{"device":"M1","feeder":"F1","rated_voltage_v":230}']);
  expect((await send("devices/import?partial=true", "device,feeder\n,F1")).code).toBe("IMPORT_ROWS_INVALID");
});

test.each([
  ["no header", "", 400, "IMPORT_HEADER_INVALID"],
  ["no row", "device,feeder\n", 400, "IMPORT_EMPTY"],
  ["an unknown column", "device,feeder,colour\nM1,F1,red", 400, "IMPORT_HEADER_INVALID"],
  ["a column twice", "device,feeder,device\nM1,F1,M1", 400, "IMPORT_HEADER_INVALID"],
  ["a required column missing", "device,name\nM1,x", 400, "IMPORT_HEADER_INVALID"],
  ["a row with too many cells", "device,feeder\nM1,F1,x", 400, "IMPORT_CSV_MALFORMED"],
  ["a quote left open", 'device,feeder\n"M1,F1', 400, "IMPORT_CSV_MALFORMED"],
  ["invalid UTF-8", Buffer.from([0xff]), 400, "IMPORT_INVALID_UTF8"],
  ["a long body", Buffer.alloc(16_777_217, 0x20), 413, "IMPORT_BODY_TOO_LARGE"],
  ["too many rows", `feeder,device\n${"F,M\n".repeat(200_001)}`, 413, "IMPORT_TOO_MANY_ROWS"],
])("refuses %s", async (_, csv, status, code) => {
  expect(await send("devices/import", csv)).toMatchObject({ status, code });
  expect(await lines("devices")).toEqual([]);
});

test("is for those who keep the registers", async () => {
  const csv = "feeder\nF1\n";
  expect((await send("feeders/import", csv, signedIn("viewer"))).status).toBe(403);
  expect((await send("feeders/import", csv, signedIn("analyst"))).status).toBe(403);
  expect((await send("feeders/import", csv, {})).status).toBe(401);
  expect((await send("feeders/import", csv, signedIn("admin"))).status).toBe(200);
});
