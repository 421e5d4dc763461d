import { type AvroType, fromAvroSchema } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";

/** The column `c` of a table that another engine made with this type. */
export function foreignColumn(type: AvroType): Column {
  const schema = {
    type: "record",
    name: "t_record",
    namespace: "hoodie.t",
    fields: [{ name: "c", type }],
  } as const;
  const [column] = fromAvroSchema({ ...schema, fields: [...schema.fields] });
  if (!column) throw new Error("a schema of one field has one column");
  return column;
}
