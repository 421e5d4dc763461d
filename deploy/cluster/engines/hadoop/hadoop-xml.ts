/** A configuration file of Hadoop's. */
export function hadoopXml(properties: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(properties).map(
    ([name, value]) =>
      `  <property><name>${escaped(name)}</name><value>${escaped(String(value))}</value></property>\n`,
  );
  return `<?xml version="1.0"?>\n<configuration>\n${lines.join("")}</configuration>\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
