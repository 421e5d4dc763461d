import type { LiveDelta, Row } from "@gridlake/pipeline";

/** What a client asked to see. */
export interface LiveFilter {
  /** Rows of this feeder alone; rows without a feeder column pass. */
  feeder?: string;
}

/** One message of the stream, ready to be written, and the rows in it. */
export interface LiveEvent {
  text: string;
  rows: number;
}

/** → `id: 7`, `event: delta`, `data: {"sequence":7,"upserts":[…],"deletes":[…]}`; `null` if the filter leaves nothing, a reset for a delta that is not whole. */
export function deltaEvent(delta: LiveDelta, filter: LiveFilter): LiveEvent | null {
  if (!delta.complete) return { text: resetEvent(delta.sequence), rows: 1 };
  const upserts = delta.upserts.filter((row) => passes(row, filter));
  const deletes = delta.deletes.filter((row) => passes(row, filter));
  const rows = upserts.length + deletes.length;
  if (rows === 0) return null;
  const data = JSON.stringify({ sequence: delta.sequence, upserts, deletes });
  return { text: `id: ${delta.sequence}\nevent: delta\ndata: ${data}\n\n`, rows };
}

/** The stream has begun: what a client loads now and all deltas that follow make the whole. */
export function readyEvent(sequence: number): string {
  return `retry: 2000\nid: ${sequence}\nevent: ready\ndata: ${JSON.stringify({ sequence })}\n\n`;
}

/** Deltas were missed: the client has to load anew. */
export function resetEvent(sequence: number): string {
  return `id: ${sequence}\nevent: reset\ndata: ${JSON.stringify({ sequence })}\n\n`;
}

/** A sign of life. Its id moves the client on without waking it: an event without data is not dispatched. */
export function heartbeat(sequence: number): string {
  return `: alive\nid: ${sequence}\n\n`;
}

function passes(row: Row, filter: LiveFilter): boolean {
  if (filter.feeder === undefined) return true;
  return row["feeder"] === undefined || row["feeder"] === filter.feeder;
}
