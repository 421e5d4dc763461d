import type { FastifyRequest } from "fastify";

/** Set by the gateway, which lets nothing that begins with `x-gridlake-` in from outside. */
export const CLIENT_ADDRESS_HEADER = "x-gridlake-client";
export const CLIENT_SCHEME_HEADER = "x-gridlake-scheme";

/** The caller's address as the gateway saw it; without a gateway, the peer's. */
export function clientAddressOf(request: FastifyRequest): string {
  const told = request.headers[CLIENT_ADDRESS_HEADER];
  return typeof told === "string" && told !== "" ? told : request.ip;
}

/** Whether the caller came over HTTPS. */
export function cameOverHttps(request: FastifyRequest): boolean {
  return request.headers[CLIENT_SCHEME_HEADER] === "https";
}
