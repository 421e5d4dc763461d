import type { Writable } from "node:stream";
import { GridlakeError } from "@gridlake/kernel";
import type { LiveDelta, LiveFeed, PipelineWatch } from "@gridlake/pipeline";
import type { TelemetryConfig } from "../config.ts";
import { LiveClient } from "./client.ts";
import { DeltaRing } from "./delta-ring.ts";
import { deltaEvent, type LiveEvent, type LiveFilter, readyEvent, resetEvent } from "./event.ts";

interface Channel {
  ring: DeltaRing;
  clients: Set<LiveClient>;
  unsubscribe: () => void;
}

/** Spreads the pipeline's deltas over the clients: each model is subscribed once, from its first client on. */
export class LiveHub {
  readonly #feed: LiveFeed;
  readonly #pipeline: PipelineWatch;
  readonly #limits: TelemetryConfig["live"];
  readonly #channels = new Map<string, Channel>();
  #heartbeat: NodeJS.Timeout | undefined;
  #clients = 0;
  #stopped = false;

  constructor(parts: { feed: LiveFeed; pipeline: PipelineWatch; limits: TelemetryConfig["live"] }) {
    this.#feed = parts.feed;
    this.#pipeline = parts.pipeline;
    this.#limits = parts.limits;
  }

  get clients(): number {
    return this.#clients;
  }

  /** Whether a client may join. @throws LIVE_MODEL_UNKNOWN (404), LIVE_CLIENTS_FULL, LIVE_STOPPED (503) */
  admit(model: string): void {
    if (this.#stopped) {
      throw new GridlakeError("LIVE_STOPPED", "the streams are ending", { retry: "later", status: 503 });
    }
    if (!this.#feed.models.includes(model)) {
      throw new GridlakeError("LIVE_MODEL_UNKNOWN", `${model.slice(0, 100)} is no live model`, {
        remedy: `take one of ${this.#feed.models.join(", ")}`,
        status: 404,
      });
    }
    if (this.#clients >= this.#limits.maxClients) {
      throw new GridlakeError("LIVE_CLIENTS_FULL", `${this.#limits.maxClients} streams are open`, {
        remedy: "close one, or raise live.maxClients",
        retry: "later",
        details: { maxClients: this.#limits.maxClients, retryAfterSeconds: 5 },
        status: 503,
      });
    }
  }

  /**
   * Adds a client until its stream closes. `seen` is the last sequence that it has had: it gets what came after, or a
   * `reset` when that is gone; without `seen` it gets `ready`.
   */
  join(
    stream: Writable,
    { model, filter, seen }: { model: string; filter: LiveFilter; seen: number | null },
  ): void {
    this.admit(model);
    const channel = this.#channel(model);
    const { latest } = channel.ring;
    const client = new LiveClient(stream, {
      filter,
      joinedAt: latest,
      maxPendingRows: this.#limits.maxPendingRows,
    });
    const missed = seen === null ? [] : channel.ring.after(seen);
    if (seen === null) client.send({ text: readyEvent(latest), rows: 0 }, latest);
    else if (missed === null) client.send({ text: resetEvent(latest), rows: 0 }, latest);
    for (const delta of missed ?? []) {
      const event = deltaEvent(delta, filter);
      if (event !== null) client.send(event, delta.sequence);
    }
    channel.clients.add(client);
    this.#clients += 1;
    // the session was checked once; a stream that ends now and then makes the client show it again
    const age = setTimeout(() => client.end(), this.#limits.maxStreamMs).unref();
    stream.once("close", () => {
      clearTimeout(age);
      channel.clients.delete(client);
      this.#clients -= 1;
    });
    this.#heartbeat ??= setInterval(() => this.#beat(), this.#limits.heartbeatMs).unref();
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    for (const { clients, unsubscribe } of this.#channels.values()) {
      unsubscribe();
      for (const client of clients) client.end();
    }
    this.#channels.clear();
  }

  #channel(model: string): Channel {
    const known = this.#channels.get(model);
    if (known !== undefined) return known;
    const clients = new Set<LiveClient>();
    const ring = new DeltaRing({
      since: this.#pipeline.state().sequence,
      maxDeltas: this.#limits.resumeDeltas,
      maxRows: this.#limits.resumeRows,
    });
    const unsubscribe = this.#feed.subscribe(model, (delta) => {
      ring.push(delta);
      // the pipeline's turn is not the place to write JSON for its clients; the order of turns keeps that of deltas
      if (clients.size > 0) setImmediate(() => spread(delta, clients));
    });
    const channel = { ring, clients, unsubscribe };
    this.#channels.set(model, channel);
    return channel;
  }

  #beat(): void {
    for (const { ring, clients } of this.#channels.values()) {
      for (const client of clients) client.beat(ring.latest);
    }
  }
}

function spread(delta: LiveDelta, clients: ReadonlySet<LiveClient>): void {
  // clients with one filter share one text
  const byFeeder = new Map<string | undefined, LiveEvent | null>();
  for (const client of clients) {
    if (delta.sequence <= client.joinedAt) continue;
    const { feeder } = client.filter;
    let event = byFeeder.get(feeder);
    if (event === undefined) {
      event = deltaEvent(delta, client.filter);
      byFeeder.set(feeder, event);
    }
    if (event !== null) client.send(event, delta.sequence);
  }
}
