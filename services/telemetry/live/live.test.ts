import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Rig, signedIn, startRig } from "../rig/service.ts";
import { LiveClient } from "./client.ts";
import { DeltaRing } from "./delta-ring.ts";

interface Event {
  id?: string;
  event?: string;
  data?: { sequence: number; upserts?: unknown[]; deletes?: unknown[] };
}

/** Reads events of a stream as they come; heartbeats have no event name. */
class EventReader {
  readonly events: Event[] = [];
  ended = false;

  constructor(body: ReadableStream<Uint8Array>) {
    // a test that hangs up ends its stream in the middle
    void this.#read(body).catch((error: Error) => expect(error.name).toBe("AbortError"));
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString();
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const fields = Object.fromEntries(part.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
        this.events.push({
          ...fields,
          ...(fields.data === undefined ? {} : { data: JSON.parse(fields.data) }),
        });
      }
    }
    this.ended = true;
  }

  async until(done: (events: Event[]) => boolean): Promise<Event[]> {
    await expect.poll(() => done(this.events), { timeout: 5_000, interval: 5 }).toBe(true);
    return this.events;
  }
}

let rig: Rig;
let hangUp: AbortController;
beforeEach(async () => {
  rig = await startRig({ config: { live: { heartbeatMs: 50, maxClients: 3, resumeDeltas: 2 } } });
  hangUp = new AbortController();
});
afterEach(async () => {
  hangUp.abort();
  await rig.stop();
});

const load = (feeder: string, watts: number) => ({ feeder, minute: "2024-01-01T00:00:00Z", watts });

async function open(options: { query?: string; seen?: number } = {}): Promise<EventReader> {
  const reply = await fetch(`${rig.url}/api/telemetry/live/ads_feeder_load_minute${options.query ?? ""}`, {
    headers: {
      ...signedIn("viewer"),
      ...(options.seen === undefined ? {} : { "last-event-id": String(options.seen) }),
    },
    signal: hangUp.signal,
  });
  expect([reply.status, reply.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  return new EventReader(reply.body as ReadableStream<Uint8Array>);
}

async function status(path: string, headers: Record<string, string>): Promise<unknown[]> {
  const reply = await fetch(`${rig.url}/api/telemetry/live/${path}`, { headers });
  return [reply.status, ((await reply.json()) as { error: { code: string } }).error.code];
}

const named = (events: Event[], name: string) => events.filter(({ event }) => event === name);

describe("a live stream", () => {
  test("is ready, then carries each delta once, under its sequence", async () => {
    rig.pipeline.sequence = 6;
    const stream = await open();
    await stream.until((events) => named(events, "ready").length === 1);
    rig.pipeline.emit([load("F1", 1)]);
    rig.pipeline.emit([], [{ feeder: "F1" }]);
    const events = await stream.until((all) => named(all, "delta").length === 2);
    expect(events.filter(({ event }) => event !== undefined)).toEqual([
      { retry: "2000", id: "6", event: "ready", data: { sequence: 6 } },
      { id: "7", event: "delta", data: { sequence: 7, upserts: [load("F1", 1)], deletes: [] } },
      { id: "8", event: "delta", data: { sequence: 8, upserts: [], deletes: [{ feeder: "F1" }] } },
    ]);
  });

  test("with a feeder carries its rows alone, and heartbeats move the id on past the others", async () => {
    const stream = await open({ query: "?feeder=F2" });
    await stream.until((events) => named(events, "ready").length === 1);
    rig.pipeline.emit([load("F1", 1), load("F2", 2)]);
    rig.pipeline.emit([load("F1", 3)]);
    const events = await stream.until((all) =>
      all.some(({ id, event }) => event === undefined && id === "2"),
    );
    expect(named(events, "delta").map(({ data }) => data)).toEqual([
      { sequence: 1, upserts: [load("F2", 2)], deletes: [] },
    ]);
  });

  test("resumes after the last event seen, or says that it cannot", async () => {
    const first = await open();
    await first.until((events) => named(events, "ready").length === 1);
    for (const watts of [1, 2, 3]) rig.pipeline.emit([load("F1", watts)]);
    await first.until((events) => named(events, "delta").length === 3);
    const resumed = await open({ seen: 1 });
    const events = await resumed.until((all) => named(all, "delta").length === 2);
    expect(named(events, "delta").map(({ id }) => id)).toEqual(["2", "3"]);
    expect(named(events, "reset")).toEqual([]);
    rig.pipeline.emit([load("F1", 4)]);
    await first.until((all) => named(all, "delta").length === 4);
    hangUp.abort();
    hangUp = new AbortController();
    for (const seen of [1, 99]) {
      const late = await open({ seen });
      const [told] = await late.until((all) => all.length > 0);
      expect(told).toMatchObject({ id: "4", event: "reset" });
    }
  });

  test("turns a delta that is not whole into a reset, also for who comes back", async () => {
    const stream = await open();
    await stream.until((events) => named(events, "ready").length === 1);
    rig.pipeline.emit([load("F1", 1)]);
    rig.pipeline.emit([], [], false);
    rig.pipeline.emit([load("F1", 3)]);
    const events = await stream.until((all) => named(all, "delta").length === 2);
    expect(events.flatMap(({ event, id }) => (event === undefined ? [] : [[event, id]]))).toEqual([
      ["ready", "0"],
      ["delta", "1"],
      ["reset", "2"],
      ["delta", "3"],
    ]);
    const [told] = await (await open({ seen: 1 })).until((all) => all.length > 0);
    expect(told).toMatchObject({ event: "reset", id: "3" });
  });

  test("refuses unknown models, strangers and one client too many; a client that leaves makes room", async () => {
    expect(await status("dwd_secret", signedIn("admin"))).toEqual([404, "LIVE_MODEL_UNKNOWN"]);
    expect(await status("ads_feeder_load_minute", {})).toEqual([401, "AUTH_REQUIRED"]);
    for (let client = 0; client < 3; client += 1) await open();
    expect(await status("ads_feeder_load_minute", signedIn("admin"))).toEqual([503, "LIVE_CLIENTS_FULL"]);
    hangUp.abort();
    hangUp = new AbortController();
    await expect
      .poll(async () => (await open().catch(() => null)) !== null, { timeout: 5_000, interval: 20 })
      .toBe(true);
  });

  test("ends when the service stops, and when it is old", async () => {
    await rig.stop();
    rig = await startRig({ config: { live: { maxStreamMs: 50 } } });
    const old = await open();
    await expect.poll(() => old.ended, { timeout: 5_000 }).toBe(true);
    await rig.stop();
    rig = await startRig();
    const stream = await open();
    await stream.until((events) => events.length === 1);
    const stopping = Date.now();
    await rig.stop();
    await expect.poll(() => stream.ended).toBe(true);
    expect(Date.now() - stopping).toBeLessThan(2_000);
    rig = await startRig();
  });
});

test("a slow client gets a reset in place of what it did not read, and memory stays bounded", async () => {
  const stream = new PassThrough({ highWaterMark: 10 });
  const client = new LiveClient(stream, { filter: {}, joinedAt: 0, maxPendingRows: 3 });
  client.send({ text: "first event, longer than the buffer\n", rows: 1 }, 1);
  for (let sequence = 2; sequence <= 4; sequence += 1)
    client.send({ text: `kept ${sequence}\n`, rows: 1 }, sequence);
  for (let sequence = 5; sequence <= 7; sequence += 1) client.send({ text: "too much\n", rows: 1 }, sequence);
  let read = "";
  stream.on("data", (chunk: Buffer) => {
    read += chunk.toString();
  });
  await turn();
  await turn();
  client.send({ text: "after\n", rows: 1 }, 8);
  await expect.poll(() => read).toContain("after");
  expect(read).toBe(
    'first event, longer than the buffer\nid: 7\nevent: reset\ndata: {"sequence":7}\n\nafter\n',
  );
});

test("a client that reads too late but not too little loses nothing", async () => {
  const stream = new PassThrough({ highWaterMark: 10 });
  const client = new LiveClient(stream, { filter: {}, joinedAt: 0, maxPendingRows: 3 });
  const texts = ["first event, longer than the buffer\n", "second of them\n", "third of them\n"];
  for (const [index, text] of texts.entries()) client.send({ text, rows: 1 }, index + 1);
  let read = "";
  stream.on("data", (chunk: Buffer) => {
    read += chunk.toString();
  });
  await expect.poll(() => read).toBe(texts.join(""));
});

test("a client that has stopped reading is hung up on", () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const client = new LiveClient(stream, { filter: {}, joinedAt: 0, maxPendingRows: 3 });
  for (let beats = 0; beats < 10; beats += 1) client.beat(1);
  expect(stream.destroyed).toBe(true);
});

test("the ring gives all that came after, or says that it cannot", () => {
  const steps = fc.array(
    fc.record({ gap: fc.integer({ min: 1, max: 3 }), rows: fc.nat(4), whole: fc.nat(9).map((n) => n > 0) }),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(steps, fc.nat(5), (deltas, since) => {
      const ring = new DeltaRing({ since, maxDeltas: 6, maxRows: 10 });
      const all = [];
      let sequence = since;
      for (const { gap, rows, whole } of deltas) {
        sequence += gap;
        const delta = {
          model: "m",
          sequence,
          upserts: Array.from({ length: rows }, () => ({})),
          deletes: [],
          complete: whole,
        };
        all.push(delta);
        ring.push(delta);
      }
      for (let seen = 0; seen <= sequence + 2; seen += 1) {
        const after = ring.after(seen);
        const truth = all.filter((delta) => delta.sequence > seen);
        if (after !== null) expect(after).toEqual(truth);
        // what is within both bounds, and was listened to, must be there
        if (after !== null) expect(truth.every(({ complete }) => complete)).toBe(true);
        const rows = truth.reduce((sum, { upserts }) => sum + upserts.length, 0);
        if (
          seen >= since &&
          seen <= sequence &&
          truth.length <= 6 &&
          rows <= 10 &&
          truth.every(({ complete }) => complete)
        )
          expect(after).not.toBeNull();
      }
    }),
  );
});
