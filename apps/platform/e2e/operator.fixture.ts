import {
  type AnalyticsPaths,
  answerOf,
  type AuthorityPaths,
  type Client,
  createApi,
  SESSION_COOKIE,
  type TelemetryPaths,
} from "@gridlake/contracts";
import { ADMIN_PASSWORD, type PlatformProcess } from "./platform.fixture.ts";

const IMPORT_WAIT_MS = 20_000;
const BATCH_WAIT_MS = 20_000;
const WAIT_LIMIT_MS = 180_000;
const LOOK_EVERY_MS = 20;

export type BatchAccount =
  TelemetryPaths["/api/telemetry/batches/{id}"]["get"]["responses"][200]["content"]["application/json"];

type PipelineState =
  AnalyticsPaths["/api/analytics/pipeline"]["get"]["responses"][200]["content"]["application/json"];

export interface Answer {
  status: number;
  /** Of a refusal: the code. */
  code: string | null;
  body: Record<string, unknown>;
}

/** A reading as a device sends it. */
export interface Reading {
  device: string;
  ts: string;
  seq: number;
  energy_wh: number;
  active_power_w?: number;
  voltage_v?: number;
  current_a?: number;
}

/** Someone with the role admin, logged in to a running platform. */
export class Operator {
  readonly url: string;
  readonly cookie: string;
  readonly authority: Client<AuthorityPaths>;
  readonly analytics: Client<AnalyticsPaths>;
  readonly telemetry: Client<TelemetryPaths>;

  private constructor(url: string, cookie: string) {
    this.url = url;
    this.cookie = cookie;
    const signedIn = (request: Request) => {
      request.headers.set("cookie", cookie);
      return fetch(request);
    };
    this.authority = createApi<AuthorityPaths>({ baseUrl: url, fetch: signedIn });
    this.analytics = createApi<AnalyticsPaths>({ baseUrl: url, fetch: signedIn });
    this.telemetry = createApi<TelemetryPaths>({ baseUrl: url, fetch: signedIn });
  }

  static async logIn({ url }: PlatformProcess, password = ADMIN_PASSWORD): Promise<Operator> {
    const login = await createApi<AuthorityPaths>({ baseUrl: url }).POST("/api/authority/login", {
      body: { username: "admin", password },
    });
    await answerOf(Promise.resolve(login));
    const cookie = login.response.headers
      .getSetCookie()
      .map((set) => set.split(";", 1)[0] ?? "")
      .find((set) => set.startsWith(`${SESSION_COOKIE}=`));
    if (cookie === undefined) throw new Error("the login set no session cookie");
    return new Operator(url, cookie);
  }

  /** A device token, and its id. */
  async deviceToken(devices: "*" | string[] = "*"): Promise<{ token: string; id: string }> {
    const wish = { kind: "device", name: "e2e", expiresInDays: 1, scope: { devices } } as const;
    return answerOf(this.authority.POST("/api/authority/tokens", { body: wish }));
  }

  async revoke(id: string): Promise<void> {
    await answerOf(this.authority.DELETE("/api/authority/tokens/{id}", { params: { path: { id } } }));
  }

  /** Puts devices on the register, all on one feeder, and waits until the pipeline knows them. */
  async register(devices: readonly string[], feeder = "F1"): Promise<void> {
    await this.#import("feeders", `feeder,name,station,region\n${feeder},Mill Lane,S1,R1\n`);
    const rows = devices.map((device) => `${device},${feeder},230\n`);
    await this.#import("devices", `device,feeder,rated_voltage_v\n${rows.join("")}`);
  }

  async #import(topic: "devices" | "feeders", csv: string): Promise<void> {
    const reply = await fetch(`${this.url}/api/telemetry/${topic}/import?wait=${IMPORT_WAIT_MS}`, {
      method: "POST",
      headers: { "content-type": "text/csv", cookie: this.cookie },
      body: csv,
    });
    if (reply.status !== 200) throw new Error(`${topic}: ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
  }

  /** Resolves once the readings up to this offset in the log, and all that the engine has seen of it, are queryable. */
  drained(offset = -1): Promise<void> {
    return this.#until(({ topics }) => {
      // an acknowledged record may not have been seen by the engine yet
      const seen = topics.find(({ topic }) => topic === "readings")?.next ?? 0;
      return seen > offset && topics.every(({ next, end }) => next === end);
    });
  }

  /** Resolves once the platform has written a whole checkpoint since its start. */
  checkpointed(): Promise<void> {
    return this.#until(({ checkpoint }) => checkpoint.completedAt !== null);
  }

  /** Resolves once the lake has all that the engine has. */
  settled(): Promise<void> {
    return this.#until(({ checkpoint, sequence }) => checkpoint.sequence === sequence);
  }

  async #until(holds: (state: PipelineState) => boolean): Promise<void> {
    const giveUpAtMs = performance.now() + WAIT_LIMIT_MS;
    for (;;) {
      const state = await answerOf(this.analytics.GET("/api/analytics/pipeline"));
      if (state.error !== null || state.status !== "running") {
        throw new Error(`the pipeline is ${state.status}: ${JSON.stringify(state.error)}`);
      }
      if (holds(state)) return;
      if (performance.now() > giveUpAtMs) throw new Error(`waited in vain: ${JSON.stringify(state)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** What became of a batch, once the pipeline has taken it in. */
  async batch(id: string): Promise<BatchAccount> {
    const query = { wait: BATCH_WAIT_MS, rejected: 1_000 };
    const call = this.telemetry.GET("/api/telemetry/batches/{id}", { params: { path: { id }, query } });
    return answerOf(call);
  }
}

/** Posts a body to the device port as it is. */
export async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  options: { token?: string; headers?: Readonly<Record<string, string>>; query?: string } = {},
): Promise<Answer> {
  const { token, headers = {}, query = "" } = options;
  const reply = await fetch(`${url}/ingest/readings${query}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
  });
  return answerFrom(reply.status, await reply.text());
}

export function answerFrom(status: number, text: string): Answer {
  const body = JSON.parse(text) as Record<string, unknown>;
  const { error } = body as { error?: { code?: string } };
  return { status, code: error?.code ?? null, body };
}

export const lines = (readings: readonly object[]): string =>
  readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
