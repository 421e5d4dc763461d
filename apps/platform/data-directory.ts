// One folder holds all that an embedded platform keeps:
//
//   gridlake.json    the configuration, if there is one
//   secrets.json     made at the first start; for the owner alone
//   platform.lock    the process that runs on this folder
//   log/             the topic log (lmdb)
//   engine/          the pipeline's state (DuckDB); rebuilt from lake and log when it is lost
//   lake/            the Hudi tables: lake/<layer>/<model>
//   db/              the services' own stores (SQLite)

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

export interface DataDirectory {
  root: string;
  config: string;
  lock: string;
  log: string;
  engine: string;
  lake: string;
  db: string;
}

export function dataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  return {
    root,
    config: join(root, "gridlake.json"),
    lock: join(root, "platform.lock"),
    log: join(root, "log"),
    engine: join(root, "engine"),
    lake: join(root, "lake"),
    db: join(root, "db"),
  };
}

export function createDataDirectory(path: string): DataDirectory {
  const directory = dataDirectory(path);
  for (const folder of [directory.root, directory.log, directory.engine, directory.lake, directory.db]) {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
  }
  return directory;
}
