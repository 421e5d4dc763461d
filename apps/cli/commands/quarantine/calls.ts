import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { answerOf } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import type { Session } from "../../session.ts";
import type { HeldLine, LineName } from "./lines.ts";

export interface Mending extends LineName {
  replacement?: string;
}

const PAGE_ROWS = 500;
/** Lines of one call. */
const CALL_LINES = 1_000;

export async function listLines(
  { analytics }: Session,
  { reason, topic, limit }: { reason?: string; topic?: string; limit: number },
): Promise<{ total: number; lines: HeldLine[] }> {
  const lines: HeldLine[] = [];
  const pageSize = Math.min(limit, PAGE_ROWS);
  for (let page = 1; ; page += 1) {
    const query = {
      page,
      pageSize,
      ...(reason === undefined ? {} : { reason }),
      ...(topic === undefined ? {} : { topic }),
    };
    const answer = await answerOf(analytics.GET("/api/analytics/quarantine", { params: { query } }));
    lines.push(...answer.lines);
    if (answer.lines.length < pageSize || lines.length >= limit)
      return { total: answer.total, lines: lines.slice(0, limit) };
  }
}

/** @throws QUARANTINE_LINE_UNKNOWN */
export async function showLine(
  { analytics }: Session,
  { topic, topicOffset, line }: LineName,
): Promise<object> {
  const path = { topic, topicOffset, line };
  return answerOf(
    analytics.GET("/api/analytics/quarantine/{topic}/{topicOffset}/{line}", { params: { path } }),
  );
}

/** What the command line wants sent. @throws CLI_LINES_MALFORMED */
export async function mendings(
  names: readonly LineName[],
  { with: replacement, file }: { with?: string; file?: string },
): Promise<Mending[]> {
  if (file === undefined)
    return names.map((name) => ({ ...name, ...(replacement === undefined ? {} : { replacement }) }));
  const written = file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  return written.split("\n").flatMap((line, at) => (line.trim() === "" ? [] : [mending(line, at + 1)]));
}

function mending(written: string, at: number): Mending {
  try {
    const { topic, topicOffset, line, replacement } = JSON.parse(written) as Record<string, unknown>;
    const whole =
      typeof replacement === "object" && replacement !== null ? JSON.stringify(replacement) : replacement;
    if (typeof topic === "string" && Number.isInteger(topicOffset) && Number.isInteger(line))
      return {
        topic,
        topicOffset: Number(topicOffset),
        line: Number(line),
        ...(typeof whole === "string" ? { replacement: whole } : {}),
      };
  } catch (cause) {
    throw malformed(at, cause);
  }
  throw malformed(at);
}

/** In calls of bounded size; the same ones again do nothing more. */
export async function replay(session: Session, lines: readonly Mending[], note?: string): Promise<object> {
  return inCalls(lines, (part) =>
    answerOf(
      session.telemetry.POST("/api/telemetry/quarantine/replay", {
        body: { lines: [...part], ...(note === undefined ? {} : { note }) },
      }),
    ),
  );
}

export async function discard(session: Session, lines: readonly LineName[], note?: string): Promise<object> {
  return inCalls(lines, (part) =>
    answerOf(
      session.telemetry.POST("/api/telemetry/quarantine/discard", {
        body: { lines: [...part], ...(note === undefined ? {} : { note }) },
      }),
    ),
  );
}

async function inCalls<T, A extends { lines: unknown[]; replacements: unknown[] }>(
  lines: readonly T[],
  call: (part: readonly T[]) => Promise<A>,
): Promise<{ lines: unknown[]; replacements: unknown[] }> {
  const all: { lines: unknown[]; replacements: unknown[] } = { lines: [], replacements: [] };
  for (let from = 0; from < lines.length; from += CALL_LINES) {
    const answer = await call(lines.slice(from, from + CALL_LINES));
    all.lines.push(...answer.lines);
    all.replacements.push(...answer.replacements);
  }
  return all;
}

function malformed(at: number, cause?: unknown): GridlakeError {
  return new GridlakeError("CLI_LINES_MALFORMED", `line ${at} of the file names no line in quarantine`, {
    remedy: 'write {"topic":"readings","topicOffset":4711,"line":2,"replacement":{…}} a line',
    ...(cause === undefined ? {} : { cause }),
  });
}
