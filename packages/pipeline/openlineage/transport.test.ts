import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DatasetEvent, LineageEvent } from "./events.ts";
import { FileTransport, HttpTransport, LineageEmitter } from "./transport.ts";

const event = (name: string): DatasetEvent => ({
  eventTime: "2026-01-01T00:00:00Z",
  producer: "urn:gridlake:pipeline",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
  dataset: { namespace: "gridlake", name },
});

test("a file gets a line for each event, behind those that were there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gridlake-lineage-"));
  try {
    const path = join(folder, "events.ndjson");
    await new FileTransport(path).send(event("a"));
    await new FileTransport(path).send(event("b"));
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([event("a"), event("b")]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("over HTTP", () => {
  let server: Server;
  let url: string;
  let answers: number[];
  let taken: { body: unknown; authorization: string | undefined }[];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as unknown;
    taken.push({ body, authorization: request.headers.authorization });
    response.writeHead(answers.shift() ?? 201).end("{}");
  };
  beforeEach(async () => {
    answers = [];
    taken = [];
    server = createServer((request, response) => {
      void answer(request, response);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  test("an event is posted with the key, and again while the endpoint is busy", async () => {
    answers = [503, 429];
    await new HttpTransport({ url, apiKey: "secret", pauseMs: 1 }).send(event("a"));
    expect(taken).toHaveLength(3);
    expect(taken.at(-1)).toEqual({ body: event("a"), authorization: "Bearer secret" });
  });

  test("a refusal is told at once, an endpoint that stays busy after three attempts", async () => {
    const transport = new HttpTransport({ url, pauseMs: 1 });
    answers = [401];
    await expect(transport.send(event("a"))).rejects.toMatchObject({
      code: "LINEAGE_REFUSED",
      retry: "never",
    });
    answers = [500, 500, 500];
    await expect(transport.send(event("b"))).rejects.toMatchObject({ code: "LINEAGE_REFUSED" });
    expect(taken).toHaveLength(4);
  });

  test("nobody there is told as such", async () => {
    const transport = new HttpTransport({ url: "http://127.0.0.1:1/", pauseMs: 1 });
    await expect(transport.send(event("a"))).rejects.toMatchObject({ code: "LINEAGE_UNREACHABLE" });
  });
});

describe("the emitter", () => {
  test("sends in order beside its caller, and goes on after a failure", async () => {
    const sent: LineageEvent[] = [];
    const failures: unknown[] = [];
    const emitter = new LineageEmitter(
      {
        send: async (one) => {
          await Promise.resolve();
          if (sent.length === 1 && failures.length === 0) throw new Error("down");
          sent.push(one);
        },
      },
      (error) => failures.push(error),
    );
    emitter.emit([]);
    emitter.emit([event("a"), event("b")]);
    emitter.emit([event("c")]);
    await emitter.close();
    emitter.emit([event("d")]);
    await emitter.close();
    expect(sent).toEqual([event("a"), event("c"), event("d")]);
    expect([emitter.lost, failures.length]).toEqual([1, 1]);
  });

  test("keeps no more than a thousand, and tells of those that it gives up", async () => {
    const gate = Promise.withResolvers<void>();
    let sent = 0;
    const codes: unknown[] = [];
    const emitter = new LineageEmitter({ send: () => gate.promise.then(() => void (sent += 1)) }, (error) =>
      codes.push((error as { code: string }).code),
    );
    emitter.emit(Array.from({ length: 1_200 }, (_, at) => event(String(at))));
    expect(codes).toEqual(Array.from({ length: 200 }, () => "LINEAGE_QUEUE_FULL"));
    gate.resolve();
    await emitter.close();
    expect(sent).toBe(1_000);
  });
});
