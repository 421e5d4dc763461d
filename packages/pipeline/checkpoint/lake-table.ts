// A model's table in the lake holds the model's columns, and:
//
//   <key>_us  for every TIMESTAMPTZ column of the key: microseconds since the epoch. Engines disagree on the text of
//             an instant in a record key, so the record key names this column instead.
//   dt        the partition: the day of the model's partition column in the grid's time zone, `2013-10-01`

import { ident } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  deletedColumns,
  deletedName,
  keysEqual,
  SEQUENCE,
  stateName,
  type StateTable,
} from "../dialect/duckdb/state-table.ts";
import type { Model } from "../ir/index.ts";

export const PARTITION_COLUMN = "dt";

export interface LakeColumn {
  name: string;
  type: string;
  nullable: boolean;
  doc: string;
}

export interface LakeShape {
  name: string;
  layer: string;
  columns: readonly LakeColumn[];
  recordKey: readonly string[];
  partition: string | null;
}

const isInstantKey = (model: Model, name: string): boolean =>
  model.columns.some((column) => column.name === name && column.type === "TIMESTAMPTZ");

export const keyColumnInLake = (model: Model, name: string): string =>
  isInstantKey(model, name) ? `${name}_us` : name;

export function lakeShape(model: Model): LakeShape {
  const own = model.columns.map(({ name, type, nullable, description, unit }) => ({
    name,
    type,
    nullable: nullable && !model.key.includes(name),
    doc: unit === null ? description : `${description} (${unit})`,
  }));
  const instants = model.key
    .filter((name) => isInstantKey(model, name))
    .map((name) => ({
      name: `${name}_us`,
      type: "BIGINT",
      nullable: false,
      doc: `${name} in microseconds since the epoch, for the record key`,
    }));
  const day = {
    name: PARTITION_COLUMN,
    type: "VARCHAR",
    nullable: false,
    doc: `partition: the day of ${model.partition} in the grid's time zone`,
  };
  return {
    name: model.name,
    layer: model.layer,
    columns: [...own, ...instants, ...(model.partition === null ? [] : [day])],
    recordKey: model.key.map((name) => keyColumnInLake(model, name)),
    partition: model.partition === null ? null : PARTITION_COLUMN,
  };
}

/** The lake's columns of state rows; `columns` limits them to those that a deleted row still has. */
function inLake(model: Model, alias: string, columns: readonly string[]): string {
  const parts = columns.map((name) => `${alias}.${ident(name)}`);
  for (const name of model.key.filter((key) => isInstantKey(model, key))) {
    parts.push(`epoch_us(${alias}.${ident(name)}) AS ${ident(`${name}_us`)}`);
  }
  if (model.partition !== null) {
    parts.push(`strftime(${alias}.${ident(model.partition)}, '%Y-%m-%d') AS ${PARTITION_COLUMN}`);
  }
  return parts.join(", ");
}

/** The rows that micro-batches in (after, …] wrote, as the lake takes them. */
export function upsertsSql(model: Model, table: StateTable, after: number): string {
  const names = table.columns.map((column) => column.name);
  return `SELECT ${inLake(model, "t", names)} FROM ${stateName(model.name)} AS t WHERE t.${SEQUENCE} > ${after}`;
}

/** The keys that went in micro-batches (after, …] and have not come back. */
export function deletesSql(model: Model, table: StateTable, after: number): string {
  const plain = model.key.filter((name) => !isInstantKey(model, name));
  return `SELECT ${inLake(model, "d", plain)} FROM (
  SELECT DISTINCT ${columnList(deletedColumns(table))} FROM ${deletedName(model.name)} WHERE ${SEQUENCE} > ${after}
) AS d ANTI JOIN ${stateName(model.name)} AS t ON ${keysEqual(table.key, "d", "t")}`;
}
