import type { Engine } from "../engine.ts";
import { flink } from "./flink/engine.ts";
import { hdfs } from "./hdfs/engine.ts";

/** All engines there are. To add one is to write its file and to name it here. */
export const ENGINES: readonly Engine[] = [hdfs, flink];
