// Writes the goldens of the repository's models anew: node packages/pipeline/golden/renew.ts

import { fileURLToPath } from "node:url";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "../model/index.ts";
import { renewGoldens } from "./golden.ts";

const folder = fileURLToPath(new URL("../../../models", import.meta.url));
const changed = await renewGoldens(folder, await loadModels(folder, TOPICS));
process.stdout.write(changed.map((path) => `${path}\n`).join(""));
