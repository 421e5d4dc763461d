import type { DuckDBConnection } from "@duckdb/node-api";
import { batchSql, type Model, type ModelSet } from "@gridlake/pipeline";
import { decodeTopicSql } from "@gridlake/pipeline/dialect/duckdb/decode.ts";
import type { InputRecord } from "./inputs.ts";

/** Every model's table as one batch over all inputs, under the model's name; a topic's offsets count its records. */
export async function computeBatch(
  connection: DuckDBConnection,
  set: ModelSet,
  models: readonly Model[],
  inputs: readonly InputRecord[],
): Promise<void> {
  for (const topic of set.topics) {
    await connection.run(
      `CREATE TABLE "${topic.name}__records" (topic_offset BIGINT, received_at TIMESTAMPTZ, scope VARCHAR, body BLOB)`,
    );
    const records = inputs.filter((record) => record.topic === topic.name);
    for (const [offset, { receivedAt, scope, body }] of records.entries()) {
      await connection.run(
        `INSERT INTO "${topic.name}__records" VALUES ($1, ($2 || 'Z')::TIMESTAMPTZ, $3, encode($4))`,
        [offset, receivedAt, scope, body],
      );
    }
  }
  for (const model of models) {
    const sql = batchSql(model, ({ source: { kind, name } }) => {
      const topic = kind === "topic" ? set.topics.find((one) => one.name === name) : undefined;
      return topic ? `(${decodeTopicSql(topic, `"${topic.name}__records"`)})` : `"${name}"`;
    });
    await connection.run(`CREATE TABLE "${model.name}" AS ${sql}`);
  }
}
