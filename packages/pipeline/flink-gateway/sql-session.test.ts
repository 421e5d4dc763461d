import { afterEach, expect, test } from "vitest";
import { type FakeAnswer, FakeFlink, type FakeRequest } from "./fake-flink.fixture.ts";
import { SqlSession } from "./sql-session.ts";

const SESSION = "/v1/sessions/s1";
const RESULT = `${SESSION}/operations/o1/result`;
let fake: FakeFlink | undefined;
afterEach(() => fake?.stop());

/** A gateway with one session, whose statements all have these pages. */
async function gateway(
  pages: Readonly<Record<string, FakeAnswer | readonly FakeAnswer[]>>,
): Promise<FakeFlink> {
  fake = await FakeFlink.start(({ method, path }: FakeRequest, nth) => {
    if (path === "/v1/sessions") return { body: { sessionHandle: "s1" } };
    if (path === `${SESSION}/statements`) return { body: { operationHandle: "o1" } };
    const page = pages[path];
    if (page === undefined)
      return method === "DELETE" ? {} : { status: 404, body: { errors: [`no ${path}`] } };
    return Array.isArray(page) ? (page[Math.min(nth, page.length - 1)] as FakeAnswer) : (page as FakeAnswer);
  });
  return fake;
}

const page = (rows: readonly unknown[][], next?: string, more: object = {}): FakeAnswer => ({
  body: {
    resultType: next === undefined ? "EOS" : "PAYLOAD",
    results: { columns: [{ name: "a" }], data: rows.map((fields) => ({ kind: "INSERT", fields })) },
    ...(next === undefined ? {} : { nextResultUri: next }),
    ...more,
  },
});

test("a statement's pages are read to their end, once they are ready, and its operation is closed", async () => {
  const { url } = await gateway({
    [`${RESULT}/0`]: [{ body: { resultType: "NOT_READY" } }, page([[1]], `${RESULT}/1`)],
    [`${RESULT}/1`]: page([[2], [3]], `${RESULT}/2`),
    [`${RESULT}/2`]: page([]),
  });
  const session = await SqlSession.open(url, { properties: { "a.b": "c" } });
  expect(await session.run("SELECT a")).toEqual({ columns: ["a"], rows: [[1], [2], [3]], jobId: null });
  await session.close();
  expect(fake!.asked[0]!.body).toEqual({ sessionName: "gridlake", properties: { "a.b": "c" } });
  expect(fake!.asked[1]!.body).toEqual({ statement: "SELECT a" });
  expect(fake!.count("DELETE", `${SESSION}/operations/o1/close`)).toBe(1);
  expect(fake!.count("DELETE", SESSION)).toBe(1);
});

test("no more rows are taken than were asked for", async () => {
  const { url } = await gateway({ [`${RESULT}/0`]: page([[1], [2], [3]], `${RESULT}/1`) });
  const session = await SqlSession.open(url);
  expect((await session.run("SELECT a", { maxRows: 2 })).rows).toEqual([[1], [2]]);
  expect(fake!.count("GET", `${RESULT}/1`)).toBe(0);
});

test("the job of an INSERT is told, by either way in which gateways tell it", async () => {
  const { url } = await gateway({ [`${RESULT}/0`]: page([], undefined, { jobID: "j1" }) });
  expect((await (await SqlSession.open(url)).run("INSERT")).jobId).toBe("j1");
  await fake!.stop();
  const second = await gateway({
    [`${RESULT}/0`]: {
      body: { resultType: "EOS", results: { columns: [{ name: "job id" }], data: [{ fields: ["j2"] }] } },
    },
  });
  expect((await (await SqlSession.open(second.url)).run("INSERT")).jobId).toBe("j2");
});

test("a statement that fails is an error with its root cause, and is sent once", async () => {
  const errors = ["Internal server error.", "a.b.C: outer\n\tat x\nCaused by: a.b.D: inner\n\tat y"];
  const { url } = await gateway({ [`${RESULT}/0`]: { status: 500, body: { errors } } });
  const session = await SqlSession.open(url);
  await expect(session.run("SELEC")).rejects.toMatchObject({
    code: "FLINK_REFUSED",
    message: "Flink refused: D: inner",
    details: { errors },
  });
  expect(fake!.count("POST", `${SESSION}/statements`)).toBe(1);
  expect(fake!.count("DELETE", `${SESSION}/operations/o1/close`)).toBe(1);
});

test("a read that is cut off is repeated, a statement is not", async () => {
  const { url } = await gateway({ [`${RESULT}/0`]: [{ cut: true }, { status: 503 }, page([[1]])] });
  const session = await SqlSession.open(url);
  expect((await session.run("SELECT a")).rows).toEqual([[1]]);
  await fake!.stop();
  fake = await FakeFlink.start(({ path }) =>
    path === "/v1/sessions" ? { body: { sessionHandle: "s1" } } : { cut: true },
  );
  const cut = await SqlSession.open(fake.url);
  await expect(cut.run("INSERT")).rejects.toMatchObject({ code: "FLINK_UNAVAILABLE", retry: "later" });
  expect(fake.count("POST", `${SESSION}/statements`)).toBe(1);
});

test("a statement that does not end is given up, and its operation closed", async () => {
  const { url } = await gateway({ [`${RESULT}/0`]: { body: { resultType: "NOT_READY" } } });
  const session = await SqlSession.open(url);
  await expect(session.run("SELECT a", { limitMs: 1 })).rejects.toMatchObject({
    code: "FLINK_STATEMENT_LIMIT",
  });
  expect(fake!.count("DELETE", `${SESSION}/operations/o1/close`)).toBe(1);
});

test("a gateway that is not there is told with its address, after a bounded number of tries", async () => {
  const { url } = await gateway({});
  await fake!.stop();
  fake = undefined;
  await expect(SqlSession.open(url)).rejects.toMatchObject({
    code: "FLINK_UNAVAILABLE",
    retry: "later",
    details: { address: url },
  });
});
