import { afterEach, expect, test } from "vitest";
import { type FakeAnswer, FakeFlink } from "./fake-flink.fixture.ts";
import { FlinkJobs } from "./flink-jobs.ts";

let fake: FakeFlink | undefined;
afterEach(() => fake?.stop());

async function jobs(
  answers: Readonly<Record<string, FakeAnswer | readonly FakeAnswer[]>>,
): Promise<FlinkJobs> {
  fake = await FakeFlink.start(({ method, path }, nth) => {
    const answer = answers[`${method} ${path}`];
    if (answer === undefined) return { status: 404, body: { errors: [`${method} ${path} not found`] } };
    return Array.isArray(answer)
      ? (answer[Math.min(nth, answer.length - 1)] as FakeAnswer)
      : (answer as FakeAnswer);
  });
  return new FlinkJobs(fake.url);
}

test("a job's state and the records of its vertices are read", async () => {
  const flink = await jobs({
    "GET /jobs/j": {
      body: {
        jid: "j",
        name: "grid",
        state: "RUNNING",
        "start-time": 5,
        vertices: [
          {
            id: "v",
            name: "stream_write: t",
            parallelism: 2,
            status: "RUNNING",
            metrics: { "read-records": 7 },
          },
        ],
      },
    },
    "GET /jobs/j/metrics?get=numRestarts": { body: [{ id: "numRestarts", value: "3" }] },
  });
  expect(await flink.status("j")).toEqual({
    id: "j",
    name: "grid",
    state: "RUNNING",
    startedAtMs: 5,
    vertices: [
      { id: "v", name: "stream_write: t", parallelism: 2, state: "RUNNING", recordsIn: 7, recordsOut: 0 },
    ],
  });
  expect(await flink.restarts("j")).toBe(3);
});

test("a job that Flink does not know is null, with no checkpoint, failure or restart", async () => {
  const flink = await jobs({});
  expect(await flink.status("gone")).toBeNull();
  expect(await flink.lastFailure("gone")).toBeNull();
  expect(await flink.restarts("gone")).toBe(0);
  expect(await flink.checkpoints("gone")).toMatchObject({ completed: 0, latest: null, lastFailure: null });
});

test("checkpoints and failures are told with their root cause", async () => {
  const flink = await jobs({
    "GET /jobs/j/checkpoints": {
      body: {
        counts: { completed: 4, failed: 1, in_progress: 1, restored: 2 },
        latest: {
          completed: {
            id: 5,
            latest_ack_timestamp: 90,
            end_to_end_duration: 12,
            state_size: 33,
            external_path: "hdfs://c/5",
          },
          savepoint: null,
          failed: { id: 4, failure_message: "x.Y: late\nCaused by: a.IOException: no room\n\tat z" },
        },
      },
    },
    "GET /jobs/j/exceptions": {
      body: {
        exceptionHistory: { entries: [{ stacktrace: "a.B: outer\nCaused by: c.D: inner", timestamp: 8 }] },
      },
    },
  });
  expect(await flink.checkpoints("j")).toEqual({
    completed: 4,
    failed: 1,
    inProgress: 1,
    restored: 2,
    latest: { number: 5, completedAtMs: 90, durationMs: 12, stateBytes: 33, path: "hdfs://c/5" },
    latestSavepoint: null,
    lastFailure: "IOException: no room",
  });
  expect(await flink.lastFailure("j")).toEqual({ cause: "D: inner", atMs: 8 });
});

test("a stop with a savepoint waits for it and tells where it lies", async () => {
  const flink = await jobs({
    "POST /jobs/j/stop": { status: 202, body: { "request-id": "r" } },
    "GET /jobs/j/savepoints/r": [
      { body: { status: { id: "IN_PROGRESS" } } },
      { body: { status: { id: "COMPLETED" }, operation: { location: "hdfs://s/1" } } },
    ],
  });
  expect(await flink.stop("j", { drain: true })).toBe("hdfs://s/1");
  expect(fake!.asked[0]!.body).toEqual({ drain: true, formatType: "CANONICAL" });
});

test("a savepoint that fails is an error with its cause; asking for one is never said twice", async () => {
  const flink = await jobs({
    "POST /jobs/j/savepoints": { status: 202, body: { "request-id": "r" } },
    "GET /jobs/j/savepoints/r": {
      body: {
        status: { id: "COMPLETED" },
        operation: {
          "failure-cause": { class: "x", "stack-trace": "a.B: o\nCaused by: a.Full: disk is full" },
        },
      },
    },
    "POST /jobs/k/savepoints": { cut: true },
  });
  await expect(flink.savepoint("j")).rejects.toMatchObject({
    code: "FLINK_SAVEPOINT_FAILED",
    message: "no savepoint of job j: Full: disk is full",
  });
  await expect(flink.savepoint("k")).rejects.toMatchObject({ code: "FLINK_UNAVAILABLE" });
  expect(fake!.count("POST", "/jobs/k/savepoints")).toBe(1);
});
