import { setTimeout as sleep } from "node:timers/promises";
import { isErrorBody } from "@gridlake/contracts";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";

const DEFAULT_URL = "http://127.0.0.1:8080";
/** A call is tried this often while the platform is busy or not there yet, a second apart. */
const MAX_ATTEMPTS = 30;
const CALL_TIMEOUT_MS = 60 * SECOND_MS;

/** The platform, as somebody who may change its registers. */
export interface Access {
  url: string;
  /** A device token for all devices, made for this run. */
  deviceToken: () => Promise<string>;
  /** A request in the account's name. @throws SIMULATE_ACCESS_REFUSED, SIMULATE_UNREACHABLE */
  call: (method: "POST" | "DELETE", path: string, body?: { type: string; text: string }) => Promise<unknown>;
  /** Takes back the device tokens that were made, if the platform is there to do it. */
  close: () => Promise<void>;
}

/** Takes the given API token, or logs in as admin. @throws SIMULATE_ACCESS_MISSING, SIMULATE_ACCESS_REFUSED */
export async function openAccess(target: {
  url?: string;
  token?: string;
  adminPassword?: string;
  print?: (text: string) => void;
}): Promise<Access> {
  const url = (target.url ?? DEFAULT_URL).replace(/\/+$/, "");
  const made: string[] = [];
  let credentials: Record<string, string> | undefined;
  const call: Access["call"] = async (method, path, body) => {
    credentials ??= await signIn(url, target);
    const answer = await request(url, {
      method,
      path,
      headers: credentials,
      ...(body === undefined ? {} : { body }),
    });
    return answer.body;
  };
  return {
    url,
    call,
    async deviceToken() {
      // the session may have ended since the last time
      credentials = undefined;
      const wish = { kind: "device", name: "simulator", expiresInDays: 30, scope: { devices: "*" } };
      const answer = await call("POST", "/api/authority/tokens", json(wish));
      const { token, id } = answer as { token: string; id: string };
      made.push(id);
      return token;
    },
    async close() {
      for (const id of made.splice(0)) {
        const path = `/api/authority/tokens/${id}`;
        try {
          await request(url, { method: "DELETE", path, headers: credentials ?? {}, attempts: 1 });
        } catch (error) {
          target.print?.(`the run's device token ${id} is still valid: ${(error as Error).message}\n`);
        }
      }
    },
  };
}

async function signIn(
  url: string,
  { token, adminPassword }: { token?: string; adminPassword?: string },
): Promise<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (adminPassword === undefined) {
    throw new GridlakeError("SIMULATE_ACCESS_MISSING", "the platform has to know who registers the devices", {
      remedy: "give --token or GRIDLAKE_TOKEN, or GRIDLAKE_ADMIN_PASSWORD to log in as admin",
    });
  }
  const { headers } = await request(url, {
    method: "POST",
    path: "/api/authority/login",
    headers: {},
    body: json({ username: "admin", password: adminPassword }),
  });
  const cookie = headers.getSetCookie().map((set) => set.split(";")[0] ?? "");
  // a change by cookie has to come from the platform's own origin
  return { cookie: cookie.join("; "), origin: new URL(url).origin };
}

function json(value: unknown): { type: string; text: string } {
  return { type: "application/json", text: JSON.stringify(value) };
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: { type: string; text: string };
  /** @default MAX_ATTEMPTS */
  attempts?: number;
}

async function request(url: string, call: Call): Promise<{ headers: Headers; body: unknown }> {
  const attempts = call.attempts ?? MAX_ATTEMPTS;
  for (let attempt = 1; ; attempt += 1) {
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(url + call.path, {
        method: call.method,
        headers: { ...call.headers, ...(call.body === undefined ? {} : { "content-type": call.body.type }) },
        ...(call.body === undefined ? {} : { body: call.body.text }),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      text = await reply.text();
    } catch (cause) {
      if (attempt < attempts) {
        await sleep(SECOND_MS);
        continue;
      }
      throw new GridlakeError("SIMULATE_UNREACHABLE", `nothing answers at ${url}`, {
        remedy: "start the platform with ./gridlake up, or give its address with --url",
        retry: "later",
        cause,
      });
    }
    if (reply.ok) return { headers: reply.headers, body: text === "" ? null : (JSON.parse(text) as unknown) };
    if ((reply.status === 503 || reply.status === 429) && attempt < attempts) {
      await sleep(Math.max(1, Number(reply.headers.get("retry-after") ?? 1)) * SECOND_MS);
      continue;
    }
    throw refused(call, reply.status, text);
  }
}

function refused(call: Call, status: number, text: string): GridlakeError {
  const { message, remedy } = refusalIn(text);
  return new GridlakeError("SIMULATE_ACCESS_REFUSED", `${call.method} ${call.path}: ${status} ${message}`, {
    remedy: remedy ?? "use an account with the role admin",
    details: { status, path: call.path },
  });
}

function refusalIn(text: string): { message: string; remedy?: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // not one of the platform's answers: a proxy's page, say
    return { message: text.slice(0, 200) };
  }
  return isErrorBody(body) ? body.error : { message: text.slice(0, 200) };
}
