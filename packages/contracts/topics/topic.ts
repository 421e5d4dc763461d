/** The type of one field of a topic's records; the same names the models use. */
export type FieldType =
  | "VARCHAR"
  | "BIGINT"
  | "DOUBLE"
  | "BOOLEAN"
  | "TIMESTAMPTZ"
  | `DECIMAL(${number},${number})`;

/** One field of a record: what the port, the pipeline's decoder and the strict validator all hold it to. */
export interface TopicField {
  name: string;
  type: FieldType;
  required: boolean;
  /** Unit of the value, where it has one. */
  unit?: string;
  description: string;
  /** Closed bounds; a value outside is refused as OUT_OF_RANGE. */
  min?: number;
  max?: number;
  /** Longest text in characters (VARCHAR only). */
  maxLength?: number;
  /** The only texts that it may be (VARCHAR only); another is refused as OUT_OF_RANGE. */
  values?: readonly string[];
  /** What it has to be a multiple of (BIGINT only); another is refused as OUT_OF_RANGE. */
  multipleOf?: number;
}

/**
 * A topic holds log records; a record's value is NDJSON: one JSON object a line, as it came from the sender.
 * Beside the fields, every line has what the port stamped on its record (see `LINE_METADATA`).
 */
export interface Topic {
  name: string;
  description: string;
  fields: readonly TopicField[];
  /** The field that a restricted sender's scope is compared with, if the topic has one. */
  scopeField?: string;
}

/** Columns that `topic('name')` gives besides the topic's own fields. */
export const LINE_METADATA = [
  { name: "topic_offset", type: "BIGINT", description: "offset of the log record that carried the line" },
  { name: "line", type: "BIGINT", description: "position of the line in its record, from 1" },
  { name: "received_at", type: "TIMESTAMPTZ", description: "when the port took the record in, stamped once" },
  {
    name: "reject_reason",
    type: "VARCHAR",
    description: "why the line is refused (a RejectReason), or NULL",
  },
  { name: "raw", type: "VARCHAR", description: "the line as it came" },
] as const;

/** Why a line is refused, in the order in which the rules are tried; the first that applies is given. */
export const REJECT_REASONS = [
  "MALFORMED_JSON", // not JSON, or not one object
  "MISSING_FIELD", // a required field is absent or null
  "WRONG_TYPE", // a field's JSON type or form is not that of its column (a quoted number, a fraction in an integer)
  "OUT_OF_RANGE", // a value outside its bounds or not one of its values, or a text that is too long
  "NOT_IN_SCOPE", // the sender's token does not cover the scope field's value
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];
