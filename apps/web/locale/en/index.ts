import { devices } from "./devices.ts";
import { login } from "./login.ts";
import { realtime } from "./realtime.ts";
import { shell } from "./shell.ts";
import { states } from "./states.ts";

export default { shell, login, states, realtime, devices };
