import { join } from "node:path";
import { TOPICS } from "@gridlake/contracts";
import { ClusterTopics } from "@gridlake/durable-log";
import { loadModels } from "@gridlake/pipeline";
import { compileFlink } from "@gridlake/pipeline/dialect/flink/compile.ts";
import { FlinkPipeline } from "@gridlake/pipeline/flink-deployment/index.ts";
import { MODELS_DIR } from "../models-dir.ts";

export interface FlinkPlace {
  dataDir: string;
  /** Addresses: of the SQL Gateway and the JobManager as http://…, of Kafka as host:port, several with commas. */
  gateway: string;
  flink: string;
  kafka: string;
  /** The lake's folder, as Flink names it: hdfs://master:9000/lake */
  lake: string;
  topicPrefix?: string;
  timeZone?: string;
  parallelism?: number;
  checkpointSeconds?: number;
  /** @default the shipped models */
  modelsDir?: string;
  onProgress?: (message: string) => void;
}

export interface OpenFlinkPipeline {
  pipeline: FlinkPipeline;
  close(): Promise<void>;
}

/** The models on a Flink cluster; what is deployed stands in `flink/deployment.json` of the data directory. */
export async function openFlinkPipeline(place: FlinkPlace): Promise<OpenFlinkPipeline> {
  const models = await loadModels(place.modelsDir ?? MODELS_DIR, TOPICS);
  const topics = new ClusterTopics({ bootstrap: place.kafka.split(",") });
  const { timeZone, parallelism, checkpointSeconds, topicPrefix, onProgress } = place;
  const pipeline = new FlinkPipeline({
    gateway: place.gateway,
    flink: place.flink,
    file: join(place.dataDir, "flink", "deployment.json"),
    models,
    compile: compileFlink,
    job: {
      name: "gridlake",
      kafka: {
        bootstrapServers: place.kafka,
        ...(topicPrefix === undefined ? {} : { topicPrefix }),
      },
      lake: { path: place.lake },
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(parallelism === undefined ? {} : { parallelism }),
      ...(checkpointSeconds === undefined ? {} : { checkpointIntervalMs: checkpointSeconds * 1_000 }),
    },
    topics,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { pipeline, close: () => topics.close() };
}
