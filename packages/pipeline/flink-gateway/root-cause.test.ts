import { expect, test } from "vitest";
import { rootCause } from "./root-cause.ts";

test("the innermost cause is told, with all lines of its message and without its package", () => {
  const trace = [
    "Internal server error.",
    "<Exception on server side:",
    "org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetchResults.",
    "\tat org.apache.flink.table.gateway.service.SqlGatewayServiceImpl.fetchResults(SqlGatewayServiceImpl.java:229)",
    "Caused by: org.apache.flink.table.api.ValidationException: SQL validation failed.",
    "\t... 21 more",
    "Caused by: org.apache.calcite.sql.validate.SqlValidatorException: Object 'x' not found",
    "  within 'default_database'",
    "\t... 7 more",
    "",
    "End of exception on server side>",
  ];
  expect(rootCause(trace.join("\n"))).toBe(
    "SqlValidatorException: Object 'x' not found within 'default_database'",
  );
  expect(rootCause(trace)).toBe(rootCause(trace.join("\n")));
});

test("a trace without causes is its own cause; words without a trace are taken as they are", () => {
  expect(rootCause("java.lang.OutOfMemoryError: Metaspace\n\tat a.b.C.d(C.java:1)")).toBe(
    "OutOfMemoryError: Metaspace",
  );
  expect(rootCause(["Session 'a' does not exist."])).toBe("Session 'a' does not exist.");
  expect(rootCause("Caused by: java.lang.NullPointerException\n\tat x")).toBe("NullPointerException");
});

test("a cause of any length is cut", () => {
  expect(rootCause(`Caused by: a.B: ${"x".repeat(5_000)}`)).toHaveLength(1_001);
});
