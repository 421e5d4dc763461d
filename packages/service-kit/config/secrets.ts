import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { join } from "node:path";
import { GridlakeError, parseConfig } from "@gridlake/kernel";
import { Type, type Static } from "typebox";

const IdentityKey = Type.Object({
  kid: Type.String({ minLength: 1 }),
  /** Ed25519, as JWK. */
  d: Type.String({ minLength: 43, maxLength: 43 }),
  x: Type.String({ minLength: 43, maxLength: 43 }),
});
export type IdentityKey = Static<typeof IdentityKey>;

const SecretsFile = Type.Object(
  {
    version: Type.Literal(1),
    /** The first one signs; all of them verify. To rotate: put a new one in front, take the old one out later. */
    identityKeys: Type.Array(IdentityKey, { minItems: 1, maxItems: 8 }),
  },
  { additionalProperties: false },
);

/** What the platform must keep to itself. */
export type Secrets = Static<typeof SecretsFile>;

/**
 * Reads `secrets.json` in `dir`; makes it (mode 0600) at the first start.
 * @throws SECRETS_EXPOSED when others may read it; CONFIG_INVALID when it is not what was written.
 */
export function loadOrCreateSecrets(dir: string): Secrets {
  const path = join(dir, "secrets.json");
  if (!existsSync(path)) create(dir, path);
  refuseExposed(path);
  return parseConfig(SecretsFile, parseJson(path), path);
}

/** Written whole under another name, then linked: two first starts at once agree on one file, a crash leaves none. */
function create(dir: string, path: string): void {
  mkdirSync(dir, { recursive: true });
  const secrets: Secrets = { version: 1, identityKeys: [newIdentityKey()] };
  const draft = join(dir, `.secrets.${randomUUID()}`);
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

export function newIdentityKey(): IdentityKey {
  const { d, x } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { kid: randomUUID(), d: d as string, x: x as string };
}

function refuseExposed(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw new GridlakeError("SECRETS_EXPOSED", `${path} may be read by other users`, {
    remedy: `chmod 600 ${path}; if others had access to it, delete it to make new keys`,
    details: { path, mode: mode.toString(8) },
  });
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new GridlakeError("CONFIG_INVALID", `${path} can't be read as JSON`, {
      remedy: `restore ${path}, or delete it to make new keys`,
      cause,
    });
  }
}
