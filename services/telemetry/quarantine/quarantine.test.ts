import { join } from "node:path";
import { READINGS, TOPICS } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { systemClock } from "@gridlake/kernel";
import { checkModels, readModelFiles } from "@gridlake/pipeline";
import { SourceFile } from "@gridlake/pipeline/model/source-file.ts";
import { PipelineFixture } from "@gridlake/pipeline/runtime/pipeline.fixture.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Quarantine } from "./quarantine.ts";

const GOOD = { device: "M1", ts: "2026-01-01T00:00:00Z", seq: 1, energy_wh: 100 };
const QUOTED = '{"device":"M1","ts":"2026-01-01T00:00:00Z","seq":1,"energy_wh":"100"}';
/** A busy machine is slow to open a pipeline. */
const HOOK_MS = 60_000;
const BY = { username: "ann", note: "energy_wh was quoted" };

const MODELS = new Set(
  "ods_device dim_device_last dim_device ods_reading dwd_reading ods_quarantine_resolution dwd_quarantine_resolution dwd_refused dwd_quarantine".split(
    " ",
  ),
);

/** The shipped models, as far as readings and devices go: a pipeline over all of them is slow to begin. */
async function models() {
  const files = await readModelFiles(join(import.meta.dirname, "../../../models"));
  const wanted = files
    .filter(({ path }) => MODELS.has(path.slice(4, -4)))
    .map((file) => {
      if (!file.path.endsWith("/dwd_refused.sql")) return file;
      const [head = "", ...parts] = file.text.split("\nUNION ALL\n");
      return new SourceFile(file.path, [head, ...parts.slice(0, 1)].join("\nUNION ALL\n"));
    });
  // a test of theirs may point at a model that is left out
  const { set } = await checkModels(wanted, TOPICS);
  expect(set.models).toHaveLength(MODELS.size);
  return set;
}

let fixture: PipelineFixture;
let quarantine: Quarantine;
beforeEach(async () => {
  fixture = new PipelineFixture(await models());
  await fixture.open();
  await fixture.send("devices", [{ device: "M1", feeder: "F1" }]);
  await fixture.send("readings", [QUOTED, "{", { ...GOOD, device: "M2" }]);
  quarantine = openQuarantine(fixture.log);
}, HOOK_MS);
afterEach(() => fixture.remove(), HOOK_MS);

function openQuarantine(log: Log): Quarantine {
  const { engine } = fixture.pipeline;
  return new Quarantine({ log, serving: engine.serving, pipeline: engine, clock: systemClock });
}

const place = (line: number) => ({ topic: "readings", topicOffset: 0, line });
const mended = { ...place(1), replacement: JSON.stringify(GOOD) };

/** Waits until the tables have all that the log has. */
async function drained(): Promise<void> {
  for (const { topic, end } of fixture.pipeline.engine.state().topics) {
    const { next } = await fixture.log.bounds({ topic });
    await fixture.pipeline.engine.reached(topic, Math.max(next, end) - 1, 20_000);
  }
}
const held = () => fixture.rows("SELECT line, reason FROM dwd_quarantine ORDER BY topic_offset, line");
const readings = () => fixture.rows("SELECT device, energy_wh FROM dwd_reading ORDER BY device");
const replacements = async () =>
  (await fixture.log.read({ topic: "readings" }, { after: 0, maxRecords: 100, maxBytes: 1e6 })).map(
    ({ headers, value }) => ({ headers, line: Buffer.from(value).toString() }),
  );

describe("a line in quarantine", () => {
  test("is sent mended, counts, leaves, and stays in the history with who decided", async () => {
    expect(await quarantine.replay([mended], BY)).toEqual({
      lines: [{ ...place(1), outcome: "replayed" }],
      replacements: [{ topic: "readings", offset: 1 }],
    });
    await drained();
    expect(await readings()).toEqual([{ device: "M1", energy_wh: 100 }]);
    expect(await held()).toEqual([
      { line: 2, reason: "MALFORMED_JSON" },
      { line: 3, reason: "UNKNOWN_DEVICE" },
    ]);
    expect(await fixture.rows("SELECT line, raw FROM dwd_refused WHERE line = 1")).toEqual([
      { line: 1, raw: QUOTED },
    ]);
    expect(await fixture.rows("SELECT * EXCLUDE (resolved_at) FROM dwd_quarantine_resolution")).toEqual([
      {
        of_topic: "readings",
        of_offset: 0,
        of_line: 1,
        action: "replayed",
        replacement: mended.replacement,
        resolved_by: "ann",
        note: BY.note,
        resolution_offset: 0,
        resolution_line: 1,
      },
    ]);
    expect(await replacements()).toEqual([
      { headers: { subject: "ann", resolution: "0" }, line: mended.replacement },
    ]);
    // law L1 holds with the decisions among the inputs
    await fixture.checkpoint();
    expect((await fixture.verify()).differences).toBe(0);
  });

  test("is sent once, however often it is asked", async () => {
    const [first, second] = await Promise.all([
      quarantine.replay([mended, mended], BY),
      quarantine.replay([mended], BY),
    ]);
    expect(first.lines.map(({ outcome }) => outcome)).toEqual(["replayed", "resolved"]);
    expect(second.lines).toEqual([{ ...place(1), outcome: "resolved" }]);
    expect((await quarantine.discard([place(1)], BY)).lines).toEqual([{ ...place(1), outcome: "resolved" }]);
    expect(await replacements()).toHaveLength(1);
  });

  test("is discarded, and nothing is sent", async () => {
    expect(await quarantine.discard([place(2), place(3)], { username: "ann" })).toEqual({
      lines: [
        { ...place(2), outcome: "discarded" },
        { ...place(3), outcome: "discarded" },
      ],
      replacements: [],
    });
    await drained();
    expect(await held()).toEqual([{ line: 1, reason: "WRONG_TYPE" }]);
    expect(await replacements()).toEqual([]);
  });

  test("of an unknown device leaves by itself when the device is registered", async () => {
    await expect(quarantine.replay([place(3)], BY)).rejects.toMatchObject({
      code: "QUARANTINE_UNKNOWN_DEVICE",
    });
    await fixture.send("devices", [{ device: "M2", feeder: "F1" }]);
    expect((await held()).map(({ line }) => line)).toEqual([1, 2]);
  });

  test("that would be refused again refuses all, and nothing is sent", async () => {
    const again = { ...place(2), replacement: '{"device":"M1"}' };
    await expect(quarantine.replay([mended, again], BY)).rejects.toMatchObject({
      code: "QUARANTINE_LINES_INVALID",
      details: { lines: [{ ...place(2), reason: "MISSING_FIELD", field: "ts" }] },
    });
    await expect(quarantine.replay([place(1)], BY)).rejects.toMatchObject({
      details: { lines: [{ reason: "WRONG_TYPE" }] },
    });
    const two = { ...mended, replacement: `${mended.replacement}\n${mended.replacement}` };
    await expect(quarantine.replay([two], BY)).rejects.toMatchObject({
      details: { lines: [{ reason: "MALFORMED_JSON" }] },
    });
    await expect(quarantine.replay([place(9)], BY)).rejects.toMatchObject({
      code: "QUARANTINE_LINE_UNKNOWN",
    });
    expect(await replacements()).toEqual([]);
    expect(await held()).toHaveLength(3);
  });
});

/** A log whose n-th append from now does not come about, or comes about and is not acknowledged: a process that dies there. */
class DyingLog {
  #left: number;
  readonly #isWritten: boolean;

  constructor(left: number, isWritten: boolean) {
    this.#left = left;
    this.#isWritten = isWritten;
  }

  over(log: Log): Log {
    const append: Log["append"] = async (position, records) => {
      this.#left -= 1;
      if (this.#left !== 0) {
        if (this.#left < 0) throw new Error("the process is gone");
        return log.append(position, records);
      }
      if (this.#isWritten) await log.append(position, records);
      throw new Error("the process is gone");
    };
    return new Proxy(log, {
      get: (target, key) => {
        if (key === "append") return append;
        const value = Reflect.get(target, key) as unknown;
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

describe("exactly once, wherever the process dies", () => {
  const deaths = [1, 2, 3].flatMap((at) => [
    { at, isWritten: false },
    { at, isWritten: true },
  ]);
  test.each(deaths)("at append $at, written: $isWritten", async ({ at, isWritten }) => {
    const dying = openQuarantine(new DyingLog(at, isWritten).over(fixture.log));
    await expect(dying.replay([mended], BY)).rejects.toThrow("the process is gone");
    // what came in meanwhile
    await fixture.send(READINGS.name, [{ ...GOOD, seq: 0, energy_wh: 7 }]);
    const restarted = openQuarantine(fixture.log);
    await restarted.settle();
    await restarted.replay([mended], BY);
    await drained();
    const sent = (await replacements()).filter(({ headers }) => headers["resolution"] !== undefined);
    expect(sent.map(({ line }) => line)).toEqual([mended.replacement]);
    expect(await readings()).toEqual([{ device: "M1", energy_wh: 100 }]);
    expect((await held()).map(({ line }) => line)).toEqual([2, 3]);
  });
});
