export {
  checkpointEvents,
  type LineageEngine,
  type DatasetEvent,
  designEvents,
  type EventContext,
  type JobEvent,
  type LineageEvent,
  type RunEvent,
  testEvents,
} from "./events.ts";
export { FileTransport, HttpTransport, LineageEmitter, type LineageTransport } from "./transport.ts";
