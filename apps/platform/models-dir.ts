import { fileURLToPath } from "node:url";

/** The shipped models. */
export const MODELS_DIR = fileURLToPath(new URL("../../models", import.meta.url));
