import { GridlakeError } from "@gridlake/kernel";

/** What a model may say and Flink can't compute exactly; docs/reference/flink.md says each with its remedy. */
export type FlinkRefusalCode =
  | "FLINK_UNSUPPORTED_CAST"
  | "FLINK_UNSUPPORTED_DECIMAL"
  | "FLINK_UNSUPPORTED_SHAPE";

/** Refuses a construct of a model; `compileFlink` says where it stands. @throws always */
export function unsupported(
  code: FlinkRefusalCode,
  construct: string,
  message: string,
  remedy: string,
): never {
  throw new GridlakeError(code, `${construct}: ${message}`, {
    remedy,
    details: { construct },
    status: 422,
  });
}
