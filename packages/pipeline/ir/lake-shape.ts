import type { Model } from "./model.ts";

// A model's table in the lake holds the model's columns, and:
//
//   <key>_us  for every TIMESTAMPTZ column of the key: microseconds since the epoch. Engines disagree on the text of
//             an instant in a record key, so the record key names this column instead.
//   dt        the partition: the day of the model's partition column in the grid's time zone, `2013-10-01`

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

export const isInstantKey = (model: Model, name: string): boolean =>
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
