import { GridlakeError } from "@gridlake/kernel";

/** An Avro schema as parsed JSON. */
export type AvroType = string | AvroType[] | { type: AvroType; [key: string]: unknown };

export interface AvroField {
  name: string;
  type: AvroType;
  doc?: string;
  default?: null;
}

export interface AvroRecord {
  type: "record";
  name: string;
  namespace: string;
  fields: AvroField[];
}

/** A named type's definition: record, enum or fixed. */
type Definition = Record<string, unknown> & { name: string; namespace: string };

const PRIMITIVES = new Set(["null", "boolean", "int", "long", "float", "double", "bytes", "string"]);
const NAMED = new Set(["record", "error", "enum", "fixed"]);

/**
 * The schema with every definition in every place where it is named, each with its own namespace: no part then depends
 * on what is around it. Avro itself defines a name once and refers to it after.
 * @throws HUDI_SCHEMA_CORRUPT for a name that nothing defines, or a record that contains itself.
 */
export function inlineNames(schema: unknown): AvroType {
  const known = new Map<string, Definition>();
  const open = new Set<string>();

  const visit = (type: unknown, namespace: string): unknown => {
    if (typeof type === "string") return PRIMITIVES.has(type) ? type : refer(type, namespace);
    if (Array.isArray(type)) return type.map((member) => visit(member, namespace));
    if (type === null || typeof type !== "object") throw corrupt(`${JSON.stringify(type)} is no type`);
    const node = type as Record<string, unknown>;
    const kind = node["type"];
    if (typeof kind === "string" && NAMED.has(kind)) return define(node, namespace);
    if (kind === "array") return { ...node, items: visit(node["items"], namespace) };
    if (kind === "map") return { ...node, values: visit(node["values"], namespace) };
    return typeof kind === "string" && PRIMITIVES.has(kind) ? node : visit(kind, namespace);
  };

  const define = (node: Record<string, unknown>, enclosing: string): Definition => {
    const { name, namespace } = splitName(node, enclosing);
    const full = fullName(name, namespace);
    if (open.has(full)) throw corrupt(`the record ${full} contains itself`);
    open.add(full);
    const definition: Definition = { ...node, name, namespace };
    if (Array.isArray(node["fields"])) {
      definition["fields"] = (node["fields"] as Record<string, unknown>[]).map((field) => ({
        ...field,
        type: visit(field["type"], namespace),
      }));
    }
    open.delete(full);
    known.set(full, definition);
    return definition;
  };

  const refer = (name: string, enclosing: string): Definition => {
    const full = name.includes(".") ? name : fullName(name, enclosing);
    const found = known.get(full) ?? known.get(name);
    if (found) return found;
    throw corrupt(open.has(full) ? `the record ${full} contains itself` : `nothing defines the name ${name}`);
  };

  return visit(schema, "") as AvroType;
}

/** The inverse: of equal definitions of one name the first stays, the others become the name. */
export function shareNames(schema: AvroType): AvroType {
  const known = new Set<string>();
  const visit = (type: AvroType): AvroType => {
    if (typeof type === "string") return type;
    if (Array.isArray(type)) return type.map(visit);
    if (type["items"] !== undefined) return { ...type, items: visit(type["items"] as AvroType) };
    if (type["values"] !== undefined) return { ...type, values: visit(type["values"] as AvroType) };
    if (typeof type.type !== "string" || !NAMED.has(type.type)) return type;
    const full = fullName(String(type["name"]), String(type["namespace"] ?? ""));
    if (known.has(full)) return full;
    known.add(full);
    const fields = type["fields"] as AvroField[] | undefined;
    return fields
      ? { ...type, fields: fields.map((field) => ({ ...field, type: visit(field.type) })) }
      : type;
  };
  return visit(schema);
}

function splitName(node: Record<string, unknown>, enclosing: string): { name: string; namespace: string } {
  const name = String(node["name"]);
  const dot = name.lastIndexOf(".");
  if (dot !== -1) return { name: name.slice(dot + 1), namespace: name.slice(0, dot) };
  const namespace = node["namespace"];
  return { name, namespace: typeof namespace === "string" ? namespace : enclosing };
}

function fullName(name: string, namespace: string): string {
  return namespace === "" ? name : `${namespace}.${name}`;
}

function corrupt(what: string): GridlakeError {
  return new GridlakeError("HUDI_SCHEMA_CORRUPT", `the table's Avro schema can't be read: ${what}`, {
    remedy: "commit once with the engine that wrote the schema, or restore the commit file",
  });
}
