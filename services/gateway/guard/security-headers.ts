import type { ServerResponse } from "node:http";

/** Scripts and styles come from files of ours alone: nothing inline, so nothing injected runs. */
const PAGE_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const ONE_YEAR_S = 31_536_000;

/** For pages and their files. */
export function setPageHeaders(response: ServerResponse, https: boolean): void {
  response.setHeader("content-security-policy", PAGE_POLICY);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  if (https) response.setHeader("strict-transport-security", `max-age=${ONE_YEAR_S}`);
}

/** For answers of the API: data, that no page may frame and no cache may keep unless the service says so. */
export function setApiHeaders(response: ServerResponse, https: boolean): void {
  response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("cache-control", "no-store");
  if (https) response.setHeader("strict-transport-security", `max-age=${ONE_YEAR_S}`);
}
