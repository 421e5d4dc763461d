import type { Instant } from "../timeline/instant.ts";
import type { Claim } from "./conflict.ts";
import type { Written } from "./open-instant.ts";

/** A write that is planned. */
export interface Prepared {
  /** Writes the files. */
  write(pending: Instant): Promise<Written>;
  /** What the plan relies on. */
  claim: Claim;
}
