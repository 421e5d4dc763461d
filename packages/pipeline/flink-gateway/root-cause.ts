const MOST_CHARACTERS = 1_000;
const FRAME = /^\s+(at |\.\.\. \d+ more)/;
const SECTION = /^(Caused by: |<Exception on server side:|End of exception on server side>)/;

/**
 * What went wrong in the end, out of a Java trace: the innermost "Caused by", with the lines of its message, without the
 * package of its class.
 * root cause of "… Caused by: org.apache.flink.table.api.ValidationException: Object 'x' not found" → "ValidationException: Object 'x' not found"
 */
export function rootCause(words: string | readonly string[]): string {
  const lines = (typeof words === "string" ? words : words.join("\n")).split("\n");
  const at = lines.findLastIndex((line) => line.startsWith("Caused by: "));
  const from = at === -1 ? lines.findIndex((line) => /^[\w.$]+(Exception|Error)\b/.test(line)) : at;
  if (from === -1) return clipped(lines.filter((line) => line.trim() !== "").join(" "));
  const message = [lines[from]!.replace("Caused by: ", "")];
  for (const line of lines.slice(from + 1)) {
    if (FRAME.test(line) || SECTION.test(line)) break;
    message.push(line.trim());
  }
  return clipped(
    message
      .filter((line) => line !== "")
      .join(" ")
      .replace(/^(?:[\w$]+\.)+(?=[\w$]+)/, ""),
  );
}

function clipped(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
