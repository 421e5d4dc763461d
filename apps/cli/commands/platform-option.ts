import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Session } from "../session.ts";

/** How a command finds a running platform. */
export interface PlatformFlags {
  url: string;
  token?: string;
}

export function withPlatform(command: Command): Command {
  return command
    .option("--url <url>", "the platform", "http://127.0.0.1:8080")
    .addOption(
      new Option(
        "--token <token>",
        "API token (default: $GRIDLAKE_TOKEN, else admin by $GRIDLAKE_ADMIN_PASSWORD)",
      ),
    );
}

/** Calls the platform, and takes the session back whatever comes of it. */
export async function onPlatform<T>(
  context: Context,
  { url, token = context.env["GRIDLAKE_TOKEN"] }: PlatformFlags,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { openSession } = await import("../session.ts");
  const session = await openSession({ url, token, adminPassword: context.env["GRIDLAKE_ADMIN_PASSWORD"] });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
