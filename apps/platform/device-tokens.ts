import type { AuthorityPaths } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import type { createRemote } from "@gridlake/service-kit";
import type { TelemetryDeps } from "@gridlake/telemetry";

/** Authority's word on a bearer token, in the terms of the device ports. */
export function deviceTokens(
  authority: ReturnType<typeof createRemote<AuthorityPaths>>,
): TelemetryDeps["introspectToken"] {
  return async (token) => {
    const { data, error } = await authority.POST("/api/authority/internal/introspect-token", {
      body: { token },
    });
    if (error !== undefined) {
      throw new GridlakeError("DEVICE_TOKEN_UNCHECKED", error.error.message, { retry: "later", status: 503 });
    }
    if (!data.active) return null;
    const expiresAtMs = Date.parse(data.expiresAt);
    if (data.kind === "device") {
      return { kind: "device", subject: data.tokenId, scope: data.devices, expiresAtMs };
    }
    return { kind: "api", subject: data.principal.subject, scope: [], expiresAtMs };
  };
}
