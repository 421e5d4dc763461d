import { createServer } from "node:net";
import { randomInt } from "node:crypto";
import { GridlakeError, hasCode } from "@gridlake/kernel";

const LOOPBACK = "127.0.0.1";
/** Free ports are taken from here: below those that systems give to outgoing connections. */
const FREE_PORTS = { from: 20_000, to: 32_000 };
const MOST_TRIES = 200;

/**
 * `fixed`: the engine's usual ports, of which one that is taken is an error; `free`: those of its last start, else any that are
 * free, and not its usual ones: two clusters that start at once would both find those free, and want them a minute later.
 */
export type PortPolicy = "fixed" | "free";

export interface PortChoice {
  engine: string;
  /** By role, what the engine takes when nothing else is said. */
  defaults: Readonly<Record<string, number>>;
  /** By role, what it had before: its data may hold addresses. */
  remembered: Readonly<Record<string, number>>;
  /** By role, what the user asks for: never exchanged. */
  asked: Readonly<Record<string, number>>;
  policy: PortPolicy;
  /** Chosen for others in the same start; this choice is added. */
  taken: Set<number>;
}

/** @throws CLUSTER_PORT_TAKEN, CLUSTER_UNKNOWN_PORT */
export async function choosePorts(choice: PortChoice): Promise<Record<string, number>> {
  const { engine, defaults, asked } = choice;
  for (const role of Object.keys(asked)) {
    if (!Object.hasOwn(defaults, role)) throw unknownPort(engine, role, Object.keys(defaults));
  }
  const ports: Record<string, number> = {};
  for (const role of Object.keys(defaults)) {
    const port = await choosePort(choice, role);
    choice.taken.add(port);
    ports[role] = port;
  }
  return ports;
}

async function choosePort(choice: PortChoice, role: string): Promise<number> {
  const { engine, defaults, remembered, asked, policy, taken } = choice;
  const known = asked[role] ?? remembered[role];
  if (policy === "free" && known === undefined) return freePort(taken);
  const wanted = known ?? defaults[role]!;
  if (!taken.has(wanted) && (await isFree(wanted))) return wanted;
  if (policy === "free" && asked[role] === undefined) return freePort(taken);
  throw new GridlakeError("CLUSTER_PORT_TAKEN", `${engine} wants port ${wanted} (${role}), and it is taken`, {
    remedy: `end what listens there, or give another: --port ${engine}.${role}=N, or --ports free for any that are free`,
    details: { engine, role, port: wanted },
  });
}

async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(FREE_PORTS.from, FREE_PORTS.to);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new GridlakeError(
    "CLUSTER_NO_PORT",
    `no free port found between ${FREE_PORTS.from} and ${FREE_PORTS.to}`,
    { remedy: "end what holds them" },
  );
}

/** Whether nothing listens on this port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if (hasCode(error, "EADDRINUSE") || hasCode(error, "EACCES")) resolve(false);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function unknownPort(engine: string, role: string, roles: readonly string[]): GridlakeError {
  return new GridlakeError("CLUSTER_UNKNOWN_PORT", `${engine} has no port ${role}`, {
    remedy: roles.length === 0 ? "it has none" : `it has ${roles.join(", ")}`,
    details: { engine, role, roles },
  });
}
