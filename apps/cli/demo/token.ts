import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, type AuthorityPaths, createApi, SESSION_COOKIE } from "@gridlake/contracts";
import { GridlakeError, hasCode } from "@gridlake/kernel";

const DAYS = 30;

/**
 * An API token for the demo's simulator. The password of `admin` is known only at the first start, so a token is kept in
 * the data directory (`demo-token`, for the owner alone: like `secrets.json` beside it) for the starts that follow.
 * @throws CLI_DEMO_NO_ACCESS when there is neither a token that still holds nor a password
 */
export async function demoToken(options: {
  dataDir: string;
  url: string;
  adminPassword: string | undefined;
}): Promise<string> {
  const { dataDir, url, adminPassword } = options;
  const file = join(dataDir, "demo-token");
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  if (kept !== undefined && (await holds(url, kept))) return kept;
  if (adminPassword === undefined) {
    throw new GridlakeError("CLI_DEMO_NO_ACCESS", "the demo's simulator has no way to log in", {
      remedy: "start with GRIDLAKE_ADMIN_PASSWORD or GRIDLAKE_TOKEN",
    });
  }
  const token = await newToken(url, adminPassword);
  // the mode is that of a new file alone
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

async function holds(url: string, token: string): Promise<boolean> {
  try {
    await answerOf(createApi<AuthorityPaths>({ baseUrl: url, token }).GET("/api/authority/me"));
    return true;
  } catch (error) {
    if (hasCode(error, "AUTH_INVALID")) return false;
    throw error;
  }
}

async function newToken(url: string, password: string): Promise<string> {
  const login = await createApi<AuthorityPaths>({ baseUrl: url }).POST("/api/authority/login", {
    body: { username: "admin", password },
  });
  await answerOf(Promise.resolve(login));
  const cookie = login.response.headers
    .getSetCookie()
    .map((set) => set.split(";", 1)[0] ?? "")
    .find((set) => set.startsWith(`${SESSION_COOKIE}=`));
  const api = createApi<AuthorityPaths>({
    baseUrl: url,
    fetch(request) {
      request.headers.set("cookie", cookie ?? "");
      return fetch(request);
    },
  });
  const wish = { kind: "api", name: "demo", expiresInDays: DAYS } as const;
  const { token } = await answerOf(api.POST("/api/authority/tokens", { body: wish }));
  await api.POST("/api/authority/logout");
  return token;
}
