import { GridlakeError } from "@gridlake/kernel";
import { callInstance } from "@gridlake/service-kit";
import type { RouteTable } from "../routing/route-table.ts";

const PROBE_TIMEOUT_MS = 1_500;

/** Ready when every service that the platform needs has an instance that says so. @throws SERVICE_NOT_READY */
export async function probeServices(routes: RouteTable, required: readonly string[]): Promise<void> {
  await Promise.all(required.map((service) => probe(routes, service)));
}

async function probe(routes: RouteTable, service: string): Promise<void> {
  const instances = routes.instances.filter((instance) => instance.service === service && instance.healthy);
  const answers = await Promise.allSettled(
    instances.map(async (instance) => {
      const answer = await callInstance(instance, new Request("http://probe/readyz"), PROBE_TIMEOUT_MS);
      if (!answer.ok) throw new Error(`${instance.id} answered ${answer.status}: ${await answer.text()}`);
    }),
  );
  if (answers.some((answer) => answer.status === "fulfilled")) return;
  const causes = answers.map((answer) => (answer.status === "rejected" ? (answer.reason as unknown) : null));
  throw new GridlakeError("SERVICE_NOT_READY", `${service} is not ready`, {
    status: 503,
    retry: "later",
    remedy: "wait; if it stays so, see the log",
    details: { service, instances: instances.length },
    cause: new AggregateError(causes),
  });
}
