import { GridlakeError } from "@gridlake/kernel";
import type { Announcement } from "./registry.ts";

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** Absolute, no trailing slash, nothing that a registry's metadata would have to escape. */
const ROUTE = /^(\/[A-Za-z0-9._-]+)+$/;

/** Holds an announcement to what every registry can carry. */
export function checkAnnouncement(announcement: Announcement): void {
  const { service, routes, weight } = announcement;
  if (!NAME.test(service)) invalid(`"${service}" is no service name`, "use lower case letters, digits and -");
  for (const route of routes) {
    if (!ROUTE.test(route)) invalid(`"${route}" is no route prefix`, "write it as /one/two");
  }
  if (weight !== undefined && !(weight >= 0 && Number.isFinite(weight))) {
    invalid(`${weight} is no weight`, "give a number from 0 up");
  }
}

function invalid(message: string, remedy: string): never {
  throw new GridlakeError("REGISTRY_INVALID", message, { remedy });
}
