import { fieldOf, listOf, setField } from "./footer.ts";
import { T, type ThriftStruct } from "./thrift-compact.ts";

// field ids of parquet.thrift
const FILE_SCHEMA = 2;
const ELEMENT_NAME = 4;
const ELEMENT_CHILDREN = 5;
const ELEMENT_LOGICAL_TYPE = 10;
const LOGICAL_TIMESTAMP = 8;
const TIMESTAMP_IS_UTC = 1;

/** A part of a Parquet schema and the parts in it. `element` is the footer's own: what is changed in it is changed there. */
export interface SchemaNode {
  name: string;
  element: ThriftStruct;
  children: SchemaNode[];
}

/** The schema of a file: its root, whose children are the columns. */
export function schemaTree(footer: ThriftStruct): SchemaNode {
  const elements = listOf(footer, FILE_SCHEMA).items as ThriftStruct[];
  let at = 0;
  const next = (): SchemaNode => {
    const element = elements[at] ?? [];
    at += 1;
    const node: SchemaNode = { name: String(fieldOf(element, ELEMENT_NAME) ?? ""), element, children: [] };
    // a footer that promises more parts than it has must not make a tree without end
    for (
      let left = Number(fieldOf(element, ELEMENT_CHILDREN) ?? 0n);
      left > 0 && at < elements.length;
      left -= 1
    ) {
      node.children.push(next());
    }
    return node;
  };
  return next();
}

/** Says that a timestamp is an instant, not what a clock somewhere shows. */
export function setTimestampIsUtc({ element }: SchemaNode): void {
  const timestamp = logicalType(element, LOGICAL_TIMESTAMP);
  if (timestamp) setField(timestamp, { id: TIMESTAMP_IS_UTC, type: T.TRUE, value: true });
}

/** The logical type of this kind, as it stands in the element. */
function logicalType(element: ThriftStruct, kind: number): ThriftStruct | undefined {
  const union = fieldOf(element, ELEMENT_LOGICAL_TYPE) as ThriftStruct | undefined;
  return union && (fieldOf(union, kind) as ThriftStruct | undefined);
}
