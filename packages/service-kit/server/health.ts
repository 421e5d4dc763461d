import { GridlakeError } from "@gridlake/kernel";
import { Type } from "typebox";
import type { ServiceApp } from "./create-server.ts";

/** Resolves when the thing is fit to serve, rejects with the reason when it is not. */
export type ReadinessCheck = () => Promise<void> | void;

/** No check may hold up the answer for longer. */
export const READINESS_TIMEOUT_MS = 2_000;

const Status = Type.Object({ status: Type.Literal("ok"), service: Type.String(), version: Type.String() });

/** `/healthz`: the process answers. `/readyz`: every check passes; 503 names the first that does not. */
export function serveHealth(
  app: ServiceApp,
  options: { name: string; version: string; checks: ReadonlyMap<string, ReadinessCheck> },
): void {
  const ok = { status: "ok" as const, service: options.name, version: options.version };
  app.get(
    "/healthz",
    { config: { access: "public" }, schema: { hide: true, response: { 200: Status } } },
    () => ok,
  );
  app.get(
    "/readyz",
    { config: { access: "public" }, schema: { hide: true, response: { 200: Status } } },
    async () => {
      await Promise.all([...options.checks].map(([check, run]) => runCheck(options.name, check, run)));
      return ok;
    },
  );
}

async function runCheck(service: string, check: string, run: ReadinessCheck): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${READINESS_TIMEOUT_MS} ms`)),
      READINESS_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([run(), late]);
  } catch (cause) {
    // a check that asks a sister service hands its refusal on
    if (cause instanceof GridlakeError && cause.status === 503) throw cause;
    throw new GridlakeError("SERVICE_NOT_READY", `${service} is not ready: ${check}`, {
      status: 503,
      retry: "later",
      remedy: "wait; if it stays so, see the log",
      details: { service, check },
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}
