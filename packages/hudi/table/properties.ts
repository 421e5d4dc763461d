/** Reads a Java properties file: `key=value` lines, `\` escapes, `#` and `!` comments, no continued lines. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trimStart();
    if (line === "" || line.startsWith("#") || line.startsWith("!")) continue;
    const separator = /(?<!\\)(?:\\\\)*[=:]/.exec(line);
    const at = separator ? separator.index + separator[0].length - 1 : line.length;
    properties.set(unescape(line.slice(0, at).trim()), unescape(line.slice(at + 1).trimStart()));
  }
  return properties;
}

/**
 * Writes one. Only what Java must have escaped is escaped: some readers of other languages take the backslashes that
 * Java's own writer puts before `:` and `=` for part of the value.
 */
export function formatProperties(properties: ReadonlyMap<string, string>, comment: string): string {
  const lines = [...properties].map(([key, value]) => `${escape(key)}=${escape(value)}`);
  return [`#${comment}`, ...lines, ""].join("\n");
}

const UNESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", f: "\f" };

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex?: string, character = "") =>
    hex === undefined ? (UNESCAPED[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function escape(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll(
      /[^\x20-\x7e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
