import { type KafkaLog, openKafkaLog } from "@gridlake/durable-log";
import { describeLog } from "@gridlake/durable-log/contract-tests/describe-log.ts";
import { MINUTE_MS } from "@gridlake/kernel";
import { vi } from "vitest";
import { useCluster } from "../cluster.fixture.ts";

vi.setConfig({ testTimeout: 2 * MINUTE_MS, hookTimeout: 2 * MINUTE_MS });
const kafka = useCluster(["kafka"]);
let logs = 0;

// topics of one broker, each test under a prefix of its own
describeLog("Kafka", async (limits) => {
  logs += 1;
  const options = {
    bootstrap: [kafka.endpoint("kafka", "bootstrap")],
    topicPrefix: `contract-${logs}.`,
    ...limits,
  };
  let log: KafkaLog = await openKafkaLog(options);
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await openKafkaLog(options);
      return log;
    },
    dispose: () => log.close(),
  };
});
