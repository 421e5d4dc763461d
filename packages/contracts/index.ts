export { isErrorBody, type ErrorBody } from "./errors/error-body.ts";
export { HTTP_ERRORS, type HttpErrorCode } from "./errors/codes.ts";
export { ROLES, type Role } from "./roles.ts";
export {
  LINE_METADATA,
  REJECT_REASONS,
  type FieldType,
  type RejectReason,
  type Topic,
  type TopicField,
} from "./topics/topic.ts";
export {
  QUARANTINE_RESOLUTIONS,
  RESOLUTION_ACTIONS,
  type ResolutionAction,
} from "./topics/quarantine-resolutions.ts";
export { READINGS } from "./topics/readings.ts";
export * from "./topics/registers/index.ts";
export { REGISTERS, TOPICS } from "./topics/topics.ts";
export { SESSION_COOKIE } from "./api/session-cookie.ts";
export { API_TOKEN_PREFIX, DEVICE_TOKEN_PREFIX } from "./api/token-prefixes.ts";
export { answerOf, createApi, type ApiOptions, type Client } from "./api/client.ts";
export type * from "./api/paths.ts";
