import { type Topic, TOPICS } from "@gridlake/contracts";
import { batchSql } from "../../dialect/duckdb/batch.ts";
import { decodeTopicSql } from "../../dialect/duckdb/decode.ts";
import { ident } from "../../dialect/duckdb/quote.ts";
import { Database } from "../../runtime/database.ts";
import { shippedModels } from "../../runtime/pipeline.fixture.ts";
import { recordsName, stageRecords } from "../../runtime/records.ts";

/** Lines of each topic, as they would be sent. */
export type Lines = Readonly<Record<string, readonly object[]>>;
export type Rows = Record<string, unknown>[];

/** Sends the lines through all shipped models in one batch, and gives what `queries` ask of them, values as JSON. */
export async function evaluate<Q extends string>(
  lines: Lines,
  { timeZone, queries }: { timeZone: string; queries: Readonly<Record<Q, string>> },
): Promise<Record<Q, Rows>> {
  const { models } = await shippedModels();
  const database = await Database.open({ path: ":memory:", timeZone });
  const connection = await database.connect();
  try {
    for (const topic of TOPICS) {
      const text = (lines[topic.name] ?? []).map((line) => JSON.stringify(line)).join("\n");
      const record = { offset: 0, value: new TextEncoder().encode(text), headers: {}, timestampMs: 0 };
      await stageRecords(connection, topic.name, [record]);
      await connection.run(
        `CREATE TABLE ${topicTable(topic)} AS ${decodeTopicSql(topic, recordsName(topic.name))}`,
      );
    }
    for (const model of models) {
      const sql = batchSql(model, ({ source }) =>
        source.kind === "topic" ? topicTable({ name: source.name }) : ident(source.name),
      );
      await connection.run(`CREATE TABLE ${ident(model.name)} AS ${sql}`);
    }
    const answers = {} as Record<Q, Rows>;
    for (const name of Object.keys(queries) as Q[]) {
      answers[name] = (await connection.runAndReadAll(queries[name])).getRowObjectsJson();
    }
    return answers;
  } finally {
    connection.closeSync();
    database.close();
  }
}

const topicTable = ({ name }: Pick<Topic, "name">): string => ident(`topic_${name}`);
