import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster, jarsFolder } from "@gridlake/cluster";
import { GridlakeError } from "@gridlake/kernel";
import { SqlGateway } from "./sql-gateway.ts";

const SLOTS = 4;
const JARS = jarsFolder(join(import.meta.dirname, "../.."));

/** Flink 1.17 with Hudi 0.14 from their jars, started for the purpose, through its SQL Gateway. */
export class Flink {
  readonly #cluster: Cluster;
  readonly #url: string;

  /** @throws what `Cluster.up` throws, INTEROP_NO_FLINK */
  static async start(): Promise<Flink> {
    const directory = await mkdtemp(join(tmpdir(), "gridlake-flink-"));
    const cluster = new Cluster({ directory, jars: JARS });
    try {
      const settings = { flink: { slots: SLOTS } };
      const [status] = await cluster.up({ only: ["flink"], portPolicy: "free", settings });
      const url = status?.endpoints?.["sqlGateway"];
      if (url !== undefined) return new Flink(cluster, url);
      throw new GridlakeError("INTEROP_NO_FLINK", "Flink is up and has no SQL Gateway", {
        remedy: `see the logs below ${directory}`,
      });
    } catch (error) {
      await cluster.down({ purge: true });
      throw error;
    }
  }

  private constructor(cluster: Cluster, url: string) {
    this.#cluster = cluster;
    this.#url = url;
  }

  session(): Promise<SqlGateway> {
    return SqlGateway.open(this.#url);
  }

  async end(): Promise<void> {
    await this.#cluster.down({ purge: true });
  }
}
