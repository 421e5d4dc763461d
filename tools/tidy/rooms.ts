import type { Repository } from "./repository.ts";

/** A package of the workspace: a room, with what it may import of the house. */
export interface Room {
  folder: string;
  name: string;
}

const PACKAGES = ["kernel", "contracts", "hudi", "durable-log", "pipeline", "service-kit"];

/**
 * Which packages of ours each may import. `services/*` stands for any service: they may not import each other.
 * Decision 0002 gives the platform its room.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/kernel": [],
  "packages/contracts": ["kernel"],
  "packages/hudi": ["kernel", "contracts"],
  "packages/durable-log": ["kernel", "contracts"],
  "packages/pipeline": ["kernel", "contracts", "hudi", "durable-log"],
  "packages/service-kit": ["kernel", "contracts"],
  "services/*": PACKAGES,
  "apps/platform": [...PACKAGES, "services/*"],
  "apps/cli": ["kernel", "contracts", "platform", "deploy/cluster"],
  "apps/web": ["kernel", "contracts"],
  "deploy/cluster": ["kernel"],
  bench: [...PACKAGES, "services/*", "platform", "deploy/cluster"],
  interop: [...PACKAGES, "platform", "deploy/cluster"],
  tools: [...PACKAGES, "services/*", "platform"],
};

/** Packages that run in browsers too. */
export const BROWSER_ROOMS = ["packages/kernel", "packages/contracts", "apps/web"];

/** The rooms by their folder. */
export function roomsOf(repository: Repository): Map<string, Room> {
  const rooms = new Map<string, Room>();
  for (const path of repository.paths) {
    if (!path.endsWith("/package.json")) continue;
    const folder = path.slice(0, -"/package.json".length);
    const { name } = JSON.parse(repository.text(path)) as { name: string };
    rooms.set(folder, { folder, name });
  }
  return rooms;
}

/** The room that a file stands in. */
export function roomOf(rooms: ReadonlyMap<string, Room>, path: string): Room | undefined {
  let folder = path;
  while (folder.includes("/")) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const room = rooms.get(folder);
    if (room) return room;
  }
  return undefined;
}

/** Whether the law of directions lets one room import another; undefined if it knows nothing of the first. */
export function mayImport(from: Room, to: Room): boolean | undefined {
  const allowed = MAY_IMPORT[kind(from)];
  if (allowed === undefined) return undefined;
  if (from.folder === to.folder) return true;
  const target = kind(to);
  return (
    allowed.includes(target) ||
    allowed.some((name) => `packages/${name}` === target || `apps/${name}` === target)
  );
}

function kind({ folder }: Room): string {
  return folder.startsWith("services/") ? "services/*" : folder;
}
