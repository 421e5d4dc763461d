import type { Engine } from "../engine.ts";
import { flink } from "./flink/engine.ts";
import { hdfs } from "./hdfs/engine.ts";
import { kafka } from "./kafka/engine.ts";
import { yarn } from "./yarn/engine.ts";
import { zookeeper } from "./zookeeper/engine.ts";

/** All engines there are. To add one is to write its file and to name it here. */
export const ENGINES: readonly Engine[] = [zookeeper, kafka, hdfs, yarn, flink];
