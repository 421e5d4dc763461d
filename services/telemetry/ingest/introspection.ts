import type { TokenFacts } from "./device-token.ts";

/** Authority's answer to `POST /api/authority/internal/introspect-token`, as far as the ports need it. */
export type IntrospectionAnswer =
  | { active: false }
  | { active: true; kind: "device"; tokenId: string; devices: "*" | string[]; expiresAt: string }
  | { active: true; kind: "api"; tokenId: string; expiresAt: string };

/** What the answer says of a sender; a device token's subject is its id, so that each token has its own batches. */
export function tokenFactsOf(answer: IntrospectionAnswer): TokenFacts | null {
  if (!answer.active) return null;
  const known = { subject: `token:${answer.tokenId}`, expiresAtMs: Date.parse(answer.expiresAt) };
  return answer.kind === "device"
    ? { ...known, kind: "device", scope: answer.devices }
    : { ...known, kind: "api", scope: [] };
}
