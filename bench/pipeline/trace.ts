// Which statements a micro-batch spends its time in.
import type { DuckDBConnection } from "@duckdb/node-api";

const SHOWN_CHARACTERS = 110;

/** Counts what the connection's statements cost, those that differ in numbers alone taken together. */
export class StatementTrace {
  readonly #statements = new Map<string, { calls: number; cpuMs: number; wallMs: number }>();

  constructor(connection: DuckDBConnection) {
    const run = connection.run.bind(connection);
    // runAndReadAll calls it too
    connection.run = async (sql, ...rest) => {
      const startedMs = performance.now();
      const before = process.cpuUsage();
      const result = await run(sql, ...rest);
      const { user, system } = process.cpuUsage(before);
      this.#add(sql, (user + system) / 1000, performance.now() - startedMs);
      return result;
    };
  }

  #add(sql: string, cpuMs: number, wallMs: number): void {
    const shape = sql.replaceAll(/\s+/g, " ").replaceAll(/\d+/g, "#").slice(0, SHOWN_CHARACTERS);
    const known = this.#statements.get(shape) ?? { calls: 0, cpuMs: 0, wallMs: 0 };
    known.calls += 1;
    known.cpuMs += cpuMs;
    known.wallMs += wallMs;
    this.#statements.set(shape, known);
  }

  /** @param lines what the CPU is divided by */
  print(most: number, lines: number): void {
    const dearest = [...this.#statements].sort(([, a], [, b]) => b.cpuMs - a.cpuMs).slice(0, most);
    for (const [shape, { calls, cpuMs, wallMs }] of dearest) {
      const each = ((cpuMs * 1000) / lines).toFixed(2).padStart(7);
      console.log(`${each} µs  ${(wallMs / calls).toFixed(1).padStart(6)} ms × ${calls}  ${shape}`);
    }
  }
}
