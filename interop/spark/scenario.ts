import type { Lab } from "./lab.ts";

/** A story that one table goes through, with what must hold on the way. */
export interface Scenario {
  name: string;
  shows: string;
  run(lab: Lab): Promise<void>;
}
