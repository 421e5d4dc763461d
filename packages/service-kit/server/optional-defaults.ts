/**
 * A key with a default is required of the handler's type but not of the caller: in the document of a request it is
 * optional. @returns a copy of the JSON schema in which `required` leaves such keys out, at every depth.
 */
export function withOptionalDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withOptionalDefaults);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    copy[key] = key === "default" || key === "enum" || key === "const" ? value : withOptionalDefaults(value);
  }
  const { required, properties } = schema as { required?: unknown; properties?: Record<string, object> };
  if (!Array.isArray(required) || properties === undefined) return copy;
  const left = required.filter((key: string) => !("default" in (properties[key] ?? {})));
  if (left.length > 0) copy["required"] = left;
  else delete copy["required"];
  return copy;
}
