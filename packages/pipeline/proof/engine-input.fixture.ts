import type { PipelineFixture } from "../runtime/pipeline.fixture.ts";
import type { Arrival } from "./history.fixture.ts";

/** A record's lines; of those that are refused, some are no JSON, and some keep what can be read. */
function linesOf(lines: Arrival["facts"] | Arrival["groups"]): string {
  return lines
    .map(({ refused, ...line }, at) => {
      // the decoder is not asked for numbers that sums can't bear
      const plain = "n" in line && Math.abs(line.n ?? 0) > 100 ? { ...line, n: 1 } : line;
      if (!refused) return JSON.stringify(plain);
      return at % 2 === 0 ? "{" : JSON.stringify({ ...plain, deleted: "perhaps" });
    })
    .join("\n");
}

/** Appends what arrives to the log. @returns the last offset of each topic that got something */
export async function append(fixture: PipelineFixture, arrival: Arrival): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const topic of ["facts", "groups"] as const) {
    if (arrival[topic].length === 0) continue;
    const value = new TextEncoder().encode(linesOf(arrival[topic]));
    const { last } = await fixture.log.append({ topic }, [{ value, timestampMs: Date.now() }]);
    ends.set(topic, last);
  }
  return ends;
}
