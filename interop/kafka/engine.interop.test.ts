import { join, resolve } from "node:path";
import { TOPICS } from "@gridlake/contracts";
import { type Log, openKafkaLog, splitLines } from "@gridlake/durable-log";
import { MINUTE_MS } from "@gridlake/kernel";
import { loadModels, openPipeline, verifyLake } from "@gridlake/pipeline";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";

const kafka = useCluster(["kafka"]);
const MODELS = resolve(import.meta.dirname, "../../models");
const METERS = 20;
const MINUTES = 90;

test(
  "the incremental engine runs on Kafka: what it makes of its topics is what one batch makes of them",
  { timeout: 10 * MINUTE_MS },
  async () => {
    const log = await openKafkaLog({
      bootstrap: [kafka.endpoint("kafka", "bootstrap")],
      topicPrefix: "engine.",
    });
    const models = await loadModels(MODELS, TOPICS);
    const lakeDir = join(kafka.folder, "lake");
    // checkpoints are the test's own: that of a stop has seconds, and a busy machine wants more
    const checkpointIntervalMs = 60 * MINUTE_MS;
    const pipeline = await openPipeline({
      dataDir: kafka.folder,
      lakeDir,
      log,
      models,
      checkpointIntervalMs,
    });
    await pipeline.engine.start();
    await append(log, "devices", devices(), {});
    await append(log, "readings", readings(0), {});
    // again, in another order, with a scope that some lines are outside of
    const sent = await append(log, "readings", readings(1).toReversed(), { scope: '["M1","M2","M3"]' });
    expect(await pipeline.engine.reached("readings", sent.last, 2 * MINUTE_MS)).toBe(true);
    await pipeline.checkpoints.write();
    await pipeline.close();

    const verified = await verifyLake({ lakeDir, models, log, workDir: kafka.folder });
    expect(verified).toMatchObject({ differences: 0, waiting: { readings: 0, devices: 0 } });
    const rows = new Map(verified.tables.map(({ model, rowsCompared }) => [model, rowsCompared]));
    expect(rows.get("ods_reading")).toBe(2 * METERS * MINUTES);
    expect(rows.get("dwd_reading")).toBe(METERS * MINUTES);
    expect(rows.get("dwd_quarantine")).toBe((METERS - 3) * MINUTES);
    expect(rows.get("ads_load_feeder_minute")).toBe(2 * MINUTES);
    await log.close();
  },
);

/** As a port does it: a body of lines, cut into records that share its headers. */
function append(
  log: Log,
  topic: string,
  lines: readonly object[],
  headers: Record<string, string>,
): Promise<{ first: number; last: number }> {
  const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n"));
  const records = splitLines(body).map((value) => ({ value, headers, timestampMs: Date.now() }));
  return log.append({ topic }, records);
}

function devices(): object[] {
  return Array.from({ length: METERS }, (_, meter) => ({
    device: `M${meter + 1}`,
    feeder: `F${meter % 2}`,
    transformer: `T${meter % 4}`,
    region: "R1",
  }));
}

function readings(seq: number): object[] {
  return Array.from({ length: METERS * MINUTES }, (_, at) => {
    const [meter, minute] = [at % METERS, Math.floor(at / METERS)];
    return {
      device: `M${meter + 1}`,
      ts: new Date(Date.UTC(2013, 9, 1, 0, minute)).toISOString(),
      seq,
      energy_wh: 1_000 * meter + 7 * minute,
      active_power_w: 100 + meter + seq,
    };
  });
}
