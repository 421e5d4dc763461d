import type { LiteralExpr } from "../ir/expression.ts";
import { decimalType, type PortableType } from "../ir/portable-type.ts";
import { refuse } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";
import type { ConstantNode, SqlExpr, SqlType } from "./syntax.ts";

const LONG_NUMBER = /^(-?) *(\d+)(?:\.(\d*))?(?![\w.])/;
/** Characters of the longest DECIMAL(38,s) with sign and point, and some spaces. */
const LONGEST_NUMBER = 60;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;
const SPAN = /^(-?\d+) *(millisecond|second|minute|hour)s?$/i;
const SPAN_MS: Record<string, number> = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 };

/** A constant as it is written. @throws MODEL_UNSUPPORTED for a literal without a portable type */
export function bindConstant(file: SourceFile, node: ConstantNode, location: number): LiteralExpr {
  const { type, is_null: isNull, value } = node.value;
  if (isNull) return { kind: "literal", value: null, type: "VARCHAR", nullable: true };
  switch (type.id) {
    case "VARCHAR":
      return { kind: "literal", value: String(value), type: "VARCHAR", nullable: false };
    case "INTEGER":
    case "BIGINT":
      return {
        kind: "literal",
        value: exactDigits(file, value, 0, location),
        type: "BIGINT",
        nullable: false,
      };
    case "DECIMAL": {
      const scale = type.type_info?.scale ?? 0;
      const digits = exactDigits(file, value, scale, location);
      return {
        kind: "literal",
        value: digits,
        type: decimalType({ width: type.type_info?.width ?? 1, scale }),
        nullable: false,
      };
    }
    case "DOUBLE":
      return { kind: "literal", value: String(value), type: "DOUBLE", nullable: false };
    default:
      return refuse(file, location, {
        code: "MODEL_UNSUPPORTED",
        construct: type.id,
        message: "a literal of this type is not portable",
        remedy: "use VARCHAR, BIGINT, DECIMAL, DOUBLE, TRUE, FALSE or TIMESTAMPTZ '…Z'",
      });
  }
}

/** A number with `scale` digits behind the point. JSON loses digits beyond 2^53: those are read where they are written. */
function exactDigits(file: SourceFile, unscaled: unknown, scale: number, location: number): string {
  if (typeof unscaled === "number" && Number.isSafeInteger(unscaled)) {
    const digits = String(Math.abs(unscaled)).padStart(scale + 1, "0");
    const point = digits.length - scale;
    const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return unscaled < 0 ? `-${text}` : text;
  }
  const written = LONG_NUMBER.exec(file.textFrom(location).slice(0, LONGEST_NUMBER));
  if (written?.[2] !== undefined && (written[3] ?? "").length === scale) {
    return `${written[1] ?? ""}${written[2]}${scale === 0 ? "" : `.${written[3]}`}`;
  }
  return refuse(file, location, {
    code: "MODEL_UNSUPPORTED",
    construct: "a long number",
    message: "it can't be read without loss",
    remedy: "write its digits plainly, without underscores or a base",
  });
}

/** TIMESTAMPTZ '…' in UTC with microseconds, whatever offset it is written with. */
export function bindInstant(file: SourceFile, text: string, location: number): LiteralExpr {
  const instant = new Date(text.replace(" ", "T"));
  if (!INSTANT.test(text) || Number.isNaN(instant.getTime())) {
    refuse(file, location, {
      code: "MODEL_UNSUPPORTED",
      construct: `TIMESTAMPTZ '${text}'`,
      message: "an instant needs its offset, or it would depend on a session's time zone",
      remedy: "write TIMESTAMPTZ '2024-01-01T00:00:00Z'",
    });
  }
  // Date keeps milliseconds; what stands behind them is taken from the text
  const micros = (/\.(\d{1,6})/.exec(text)?.[1] ?? "").padEnd(6, "0");
  const value = `${instant.toISOString().slice(0, 19)}.${micros}Z`;
  return { kind: "literal", value, type: "TIMESTAMPTZ", nullable: false };
}

/** The milliseconds of INTERVAL '15 minutes' or INTERVAL 15 MINUTES; null when the node is no interval. */
export function intervalMs(file: SourceFile, node: SqlExpr, location: number): number | null {
  const text = intervalText(node);
  if (text === null) return null;
  const match = SPAN.exec(text.trim());
  const milliseconds = Number(match?.[1]) * (SPAN_MS[match?.[2]?.toLowerCase() ?? ""] ?? Number.NaN);
  if (!Number.isSafeInteger(milliseconds)) {
    refuse(file, location, {
      code: "MODEL_UNSUPPORTED",
      construct: `INTERVAL ${text}`,
      message:
        "only fixed spans of milliseconds, seconds, minutes or hours move an instant alike in every engine",
      remedy: "write 24 hours for a span of a day; for calendar days use window_start(ts, '1 day')",
    });
  }
  return milliseconds;
}

function intervalText(node: SqlExpr): string | null {
  if (node.class === "CAST" && node.cast_type.id === "INTERVAL") {
    return node.child.class === "CONSTANT" ? String(node.child.value.value) : "of an expression";
  }
  if (node.class !== "FUNCTION" || !/^to_[a-z]+s$/.test(node.function_name)) return null;
  // INTERVAL 15 MINUTES comes as to_minutes(CAST(trunc(CAST(15 AS DOUBLE)) AS BIGINT))
  let inner: SqlExpr | undefined = node.children[0];
  while (inner && (inner.class === "CAST" || inner.class === "FUNCTION")) {
    inner = inner.class === "CAST" ? inner.child : inner.children[0];
  }
  const amount = inner?.class === "CONSTANT" ? String(inner.value.value) : "of an expression";
  return `${amount} ${node.function_name.slice("to_".length)}`;
}

const SIMPLE_TYPES: Record<string, PortableType> = {
  VARCHAR: "VARCHAR",
  BIGINT: "BIGINT",
  DOUBLE: "DOUBLE",
  BOOLEAN: "BOOLEAN",
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
};

/** The portable type that a CAST names. @throws MODEL_UNSUPPORTED */
export function bindType(file: SourceFile, type: SqlType, location: number): PortableType {
  if (type.id === "DECIMAL" && type.type_info?.width !== undefined) {
    return decimalType({ width: type.type_info.width, scale: type.type_info.scale ?? 0 });
  }
  const simple = SIMPLE_TYPES[type.id];
  if (simple !== undefined) return simple;
  return refuse(file, location, {
    code: "MODEL_UNSUPPORTED",
    construct: `CAST to ${type.id}`,
    message: "the type is not portable",
    remedy: "use VARCHAR, BIGINT, DOUBLE, BOOLEAN, TIMESTAMPTZ or DECIMAL(width, scale)",
  });
}
