import { expect, test } from "vitest";
import { answerOf, createApi } from "./client.ts";

interface Paths {
  "/api/x/{id}": {
    get: {
      parameters: { path: { id: string } };
      responses: { 200: { content: { "application/json": { n: number } } } };
    };
  };
}

const api = (answer: () => Promise<Response>, seen: Request[] = []) =>
  createApi<Paths>({
    baseUrl: "http://127.0.0.1:1",
    token: "gla_x",
    fetch: (request) => {
      seen.push(request);
      return answer();
    },
  });
const get = (answer: () => Promise<Response>, seen?: Request[]) =>
  answerOf(api(answer, seen).GET("/api/x/{id}", { params: { path: { id: "a b" } } }));

test("gives the data, and sends the token", async () => {
  const seen: Request[] = [];
  expect(await get(async () => Response.json({ n: 1 }), seen)).toEqual({ n: 1 });
  expect(seen[0]?.url).toBe("http://127.0.0.1:1/api/x/a%20b");
  expect(seen[0]?.headers.get("authorization")).toBe("Bearer gla_x");
});

test("a refusal is thrown as the error that it was", async () => {
  const error = { code: "X_FULL", message: "full", retry: "later", details: { n: 3 }, requestId: "r1" };
  await expect(get(async () => Response.json({ error }, { status: 503 }))).rejects.toMatchObject({
    code: "X_FULL",
    retry: "later",
    status: 503,
    details: { n: 3, requestId: "r1" },
  });
});

const proxy = async () => new Response("<h1>Bad gateway</h1>", { status: 502 });

test("what is not ours is told apart from what is", async () => {
  await expect(get(proxy)).rejects.toMatchObject({ code: "API_UNEXPECTED", status: 502, retry: "later" });
  await expect(get(() => Promise.reject(new TypeError("fetch failed")))).rejects.toMatchObject({
    code: "API_UNREACHABLE",
  });
});
