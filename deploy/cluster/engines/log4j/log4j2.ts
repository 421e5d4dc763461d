/** `log4j2.properties` for engines with Log4j 2: to standard output, which is the process's log. */
export function log4j2(levels: Readonly<Record<string, string>> = {}): string {
  const lines = [
    "status = error",
    "appender.console.type = Console",
    "appender.console.name = console",
    "appender.console.layout.type = PatternLayout",
    "appender.console.layout.pattern = %d{ISO8601} %p %c{1}: %m%n",
    "rootLogger.level = info",
    "rootLogger.appenderRef.console.ref = console",
  ];
  for (const [index, [logger, level]] of Object.entries(levels).entries()) {
    lines.push(`logger.l${index}.name = ${logger}`, `logger.l${index}.level = ${level}`);
  }
  return `${lines.join("\n")}\n`;
}
