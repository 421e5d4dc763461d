import type { Column } from "../schema/column.ts";
import { type DataType, formatType } from "../schema/type.ts";
import { fieldOf } from "./footer.ts";
import { type SchemaNode, schemaTree } from "./schema-tree.ts";
import type { ThriftStruct } from "./thrift-compact.ts";

// field ids and values of parquet.thrift
const ELEMENT = { type: 1, repetition: 3, converted: 6, scale: 7, precision: 8, logical: 10 } as const;
const REPEATED = 2n;
const PHYSICAL = ["BOOLEAN", "INTEGER", "BIGINT", "TIMESTAMP", "FLOAT", "DOUBLE", "BLOB", "BLOB"] as const;
const CONVERTED: Readonly<Record<number, DataType>> = {
  0: { kind: "plain", name: "VARCHAR" },
  4: { kind: "plain", name: "VARCHAR" }, // ENUM
  6: { kind: "plain", name: "DATE" },
  7: { kind: "plain", name: "TIME" },
  8: { kind: "plain", name: "TIME" },
  9: { kind: "plain", name: "TIMESTAMPTZ" },
  10: { kind: "plain", name: "TIMESTAMPTZ" },
  19: { kind: "plain", name: "VARCHAR" }, // JSON
};
const MAP_TYPES = new Set([1, 2]);
const LIST_TYPE = 3;
const DECIMAL_TYPE = 5;
const LOGICAL_STRING = 1;
const LOGICAL_TIMESTAMP = 8;

/** The columns of a Parquet file with their types, as `read_parquet` gives them. */
export function fileColumns(footer: ThriftStruct): Column[] {
  return schemaTree(footer).children.map((node) => ({
    name: node.name,
    type: formatType(typeOfNode(node)),
    nullable: true,
  }));
}

function typeOfNode(node: SchemaNode): DataType {
  const type = valueType(node);
  // a repeated part that is in no LIST is one
  return fieldOf(node.element, ELEMENT.repetition) === REPEATED ? { kind: "list", element: type } : type;
}

function valueType(node: SchemaNode): DataType {
  const converted = numberOf(node, ELEMENT.converted);
  if (node.children.length === 0) return leafType(node, converted);
  const [repeated] = node.children;
  if (converted === LIST_TYPE && repeated) return { kind: "list", element: elementType(node, repeated) };
  const [key, value] = repeated?.children ?? [];
  if (converted !== null && MAP_TYPES.has(converted) && key && value) {
    return { kind: "map", key: typeOfNode(key), value: typeOfNode(value) };
  }
  const fields = node.children.map((child) => ({ name: child.name, type: typeOfNode(child) }));
  return { kind: "struct", fields };
}

/** A list of two levels has its elements in the repeated part, one of three in the part within. */
function elementType(list: SchemaNode, repeated: SchemaNode): DataType {
  const [element, more] = repeated.children;
  const isElement = !element || more !== undefined || isTuple(list, repeated);
  return isElement ? valueType(repeated) : typeOfNode(element);
}

function isTuple(list: SchemaNode, repeated: SchemaNode): boolean {
  return repeated.name === "array" || repeated.name === `${list.name}_tuple`;
}

function leafType({ element, ...node }: SchemaNode, converted: number | null): DataType {
  const of = { element, ...node };
  if (converted === DECIMAL_TYPE) {
    return {
      kind: "decimal",
      precision: numberOf(of, ELEMENT.precision) ?? 0,
      scale: numberOf(of, ELEMENT.scale) ?? 0,
    };
  }
  const logical = fieldOf(element, ELEMENT.logical) as ThriftStruct | undefined;
  const timestamp = logical && (fieldOf(logical, LOGICAL_TIMESTAMP) as ThriftStruct | undefined);
  if (timestamp) return { kind: "plain", name: fieldOf(timestamp, 1) === true ? "TIMESTAMPTZ" : "TIMESTAMP" };
  if (logical && fieldOf(logical, LOGICAL_STRING) !== undefined) return { kind: "plain", name: "VARCHAR" };
  const known = converted === null ? undefined : CONVERTED[converted];
  return known ?? { kind: "plain", name: PHYSICAL[numberOf(of, ELEMENT.type) ?? 0] ?? "BLOB" };
}

function numberOf({ element }: SchemaNode, id: number): number | null {
  const value = fieldOf(element, id);
  return typeof value === "bigint" ? Number(value) : null;
}
