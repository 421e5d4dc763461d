export { openLakeQuery, type LakeQuery, type QueryResult } from "./lake-query.ts";
export { startPlatform, type PlatformOptions, type RunningPlatform } from "./start-platform.ts";
export { verify } from "./verify.ts";
