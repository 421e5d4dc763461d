import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (logger: ReturnType<typeof createLogger>) => void): {
  text: string;
  entry: Record<string, unknown>;
} {
  let text = "";
  write(createLogger({ destination: { write: (line) => void (text += line) } }));
  return { text, entry: JSON.parse(text || "{}") as Record<string, unknown> };
}

test("one JSON object a line: level and time as words, the service's name, the error with its cause", () => {
  const { entry } = logged((logger) =>
    logger
      .child({ service: "echo" })
      .error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed"),
  );
  expect(entry).toMatchObject({
    level: "error",
    service: "echo",
    msg: "failed",
    err: { message: "outer: inner" },
  });
  expect(new Date(entry["time"] as string).getTime()).toBeGreaterThan(0);
});

test("secrets do not reach the log, at the top or a level below", () => {
  const secrets = {
    password: "s3cret",
    currentPassword: "s3cret",
    token: "s3cret",
    headers: {
      cookie: "s3cret",
      authorization: "s3cret",
      "set-cookie": "s3cret",
      "x-gridlake-identity": "s3cret",
    },
    body: { newPassword: "s3cret", name: "kept" },
  };
  const { text } = logged((logger) => logger.info(secrets, "x"));
  expect(text).not.toContain("s3cret");
  expect(text).toContain("kept");
});

test("what is below the level costs nothing and says nothing", () => {
  expect(logged((logger) => logger.debug("quiet")).text).toBe("");
});
