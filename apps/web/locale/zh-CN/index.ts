import type { Messages } from "../locales.ts";
import { devices } from "./devices.ts";
import { login } from "./login.ts";
import { realtime } from "./realtime.ts";
import { shell } from "./shell.ts";
import { states } from "./states.ts";

const messages: Messages = { shell, login, states, realtime, devices };
export default messages;
