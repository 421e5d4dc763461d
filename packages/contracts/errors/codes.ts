/** Codes that any service may answer with; a service's own codes carry its name and stand in its README. */
export const HTTP_ERRORS = {
  REQUEST_INVALID: "a parameter, header or body does not fit the route's schema",
  BODY_MALFORMED: "the body is not what its content type says",
  BODY_TOO_LARGE: "the body is longer than the route takes",
  MEDIA_TYPE_UNSUPPORTED: "the route does not take this content type",
  ROUTE_UNKNOWN: "there is no such method and path",
  REQUEST_REFUSED: "the request can't be served as it was sent",
  AUTH_REQUIRED: "the route needs a session or a token",
  AUTH_INVALID: "the session or token is unknown, expired or revoked",
  AUTH_FORBIDDEN: "the caller's roles do not allow it",
  CSRF_REFUSED: "a change made with a cookie has to come from the platform's own pages",
  RATE_LIMITED: "too many requests from one address",
  SERVICE_UNAVAILABLE: "no instance of the service is ready",
  SERVICE_TIMEOUT: "the service did not answer in time",
  INTERNAL_ERROR: "a failure of the platform; the log has it under the request's id",
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;
