import { Type, type Static } from "typebox";

/** What the one public door may be told. */
export const GatewayConfig = Type.Object(
  {
    /** Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, by address. */
    trustedProxies: Type.Array(Type.String(), { default: [], maxItems: 64 }),
    /** Origins, beside the one a request names as its host, from which changes are taken: `https://grid.example`. */
    publicOrigins: Type.Array(Type.String({ pattern: "^https?://[^/]+$" }), { default: [], maxItems: 16 }),
    /** Logins and password changes of one address in a minute. */
    loginsPerMinute: Type.Integer({ default: 30, minimum: 1, maximum: 10_000 }),
    /** How long a session or token is taken as checked; a revocation made through another gateway is seen after it. */
    identityCacheMs: Type.Integer({ default: 2_000, minimum: 0, maximum: 60_000 }),
    /** Connections at once; more are dropped. */
    maxConnections: Type.Integer({ default: 10_000, minimum: 1, maximum: 1_000_000 }),
  },
  { additionalProperties: false },
);
export type GatewayConfig = Static<typeof GatewayConfig>;
