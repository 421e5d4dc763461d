import { GridlakeError } from "@gridlake/kernel";

/**
 * An error as the user sees it: `CODE: message`, the remedy below it. What is no GridlakeError is a defect of ours or of
 * the machine's, so its stack is shown too.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof GridlakeError) {
    const lines = [`${error.code}: ${error.message}`];
    if (error.remedy) lines.push(`  → ${error.remedy}`);
    if (error.retry === "later") lines.push("  → the same call may succeed later");
    return `${lines.join("\n")}\n${causes(error)}`;
  }
  if (!(error instanceof Error)) return `UNEXPECTED: ${String(error)}\n`;
  const { code } = error as { code?: unknown };
  const name = typeof code === "string" ? code : "UNEXPECTED";
  const stack = error.stack?.split("\n").slice(1).join("\n");
  return `${name}: ${error.message}\n${stack ? `${stack}\n` : ""}${causes(error)}`;
}

/** What lay beneath, one line each: enough to search for, without hiding the first line. */
function causes(error: Error): string {
  const lines: string[] = [];
  const deepest = 5;
  let cause = error.cause;
  while (cause instanceof Error && lines.length < deepest) {
    lines.push(`  caused by ${cause.name}: ${cause.message}\n`);
    cause = cause.cause;
  }
  return lines.join("");
}
