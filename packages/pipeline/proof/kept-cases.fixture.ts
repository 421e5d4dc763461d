import { modelFile } from "../dialect/duckdb/inputs.fixture.ts";
import type { SourceFile } from "../model/source-file.ts";
import type { Case } from "./case.fixture.ts";
import type { Arrival, FactLine, GroupLine } from "./history.fixture.ts";

/* Cases that incremental once did not make equal to batch, as small as they could be made. */

export interface KeptCase extends Case {
  readonly name: string;
}

const fact = (line: Partial<FactLine> & { k: number }): FactLine => ({
  g: "g0",
  n: null,
  x: null,
  s: null,
  b: null,
  ts: "2024-11-03T12:00:00Z",
  deleted: false,
  refused: false,
  ...line,
});

const group = (line: Partial<GroupLine> & { g: string }): GroupLine => ({
  w: null,
  l: null,
  deleted: false,
  refused: false,
  ...line,
});

const arrived = (lines: { facts?: FactLine[]; groups?: GroupLine[] }): Arrival => ({
  facts: lines.facts ?? [],
  groups: lines.groups ?? [],
  restart: false,
});

/** `dws_r0`, `dws_r1` …, each with its key, its columns and its SELECT. */
function models(...list: readonly [key: string, columns: string, sql: string][]): SourceFile[] {
  return list.map(([key, columns, sql], at) =>
    modelFile(`dws_r${at}`, key.split(" "), columns.split(" "), sql),
  );
}

export const KEPT: readonly KeptCase[] = [
  {
    name: "a seed multiplies rows, with an equality or without, and may leave its side empty",
    timeZone: "UTC",
    models: models(
      [
        "k n s",
        "k n s c0",
        "SELECT a.k, e.n, e.g AS s, a.n * e.n AS c0 FROM ref('dim_fact') AS a JOIN ref('seed_step') AS e ON TRUE",
      ],
      [
        "k0",
        "k0 c0 c1",
        `SELECT a.g AS k0, SUM(e.w) AS c0, COUNT(*) AS c1
FROM ref('dim_fact') AS a LEFT JOIN ref('seed_step') AS e ON e.g = a.g AND e.n <= a.n GROUP BY a.g`,
      ],
      [
        "k0",
        "k0 c0",
        `SELECT a.s AS k0, MAX(b.c0) AS c0 FROM ref('dws_r0') AS a LEFT JOIN ref('dws_r1') AS b ON b.k0 = a.s
LEFT JOIN ref('seed_step') AS e ON e.n > b.c1 GROUP BY a.s`,
      ],
    ),
    history: [
      arrived({ facts: [fact({ k: 1, g: "g0", n: 1 }), fact({ k: 2, g: "g1", n: 3 })] }),
      arrived({ facts: [fact({ k: 1, g: "g1", n: 2 }), fact({ k: 3, g: "g0" })] }),
      arrived({ facts: [fact({ k: 2, g: "g1", deleted: true })], groups: [group({ g: "g0", w: 1 })] }),
    ],
  },
  {
    name: "in a day whose midnight is repeated, the first rows lie before the day's start",
    timeZone: "America/Havana",
    models: models([
      "k0 k1",
      "k0 k1 c0",
      `SELECT a.g AS k0, window_start(a.ts, '1 day') AS k1, COUNT(b.k) AS c0
FROM ref('dim_fact') AS a LEFT JOIN ref('dim_fact') AS b ON b.k = a.n
GROUP BY a.g, window_start(a.ts, '1 day')`,
    ]),
    history: [arrived({ facts: [fact({ k: 1, ts: "2024-11-03T04:15:00Z" })] })],
  },
  {
    name: "a partition of rows without an instant",
    timeZone: "UTC",
    models: models([
      "k0 k1",
      "k0 k1 p0",
      `SELECT a.topic_offset AS k0, a.line AS k1, window_start(a.ts, '1 day') AS p0
FROM ref('ods_fact') AS a LEFT JOIN ref('dim_group') AS b ON b.g = a.g
QUALIFY row_number() OVER (PARTITION BY window_start(a.ts, '1 day') ORDER BY a.topic_offset, a.line) <= 2`,
    ]),
    history: [
      arrived({ facts: [fact({ k: 1, ts: null, refused: true }), fact({ k: 2 })] }),
      arrived({ facts: [fact({ k: 3, ts: null, refused: true }), fact({ k: 4 })] }),
    ],
  },
  {
    name: "a partition of rows that the rest of a left join's condition leaves without a partner",
    timeZone: "UTC",
    models: models([
      "k0",
      "k0 p0 r",
      `SELECT a.k AS k0, b.l AS p0, row_number() OVER (PARTITION BY b.l ORDER BY a.k DESC) AS r
FROM ref('dim_fact') AS a LEFT JOIN ref('dim_group') AS b ON b.g = a.g AND a.b
QUALIFY row_number() OVER (PARTITION BY b.l ORDER BY a.k DESC) <= 3`,
    ]),
    history: [
      arrived({ groups: [group({ g: "g0", l: "a" })] }),
      arrived({ facts: [fact({ k: 1, b: false })] }),
    ],
  },
  {
    name: "a group of what is joined by way of a left join's side that went",
    timeZone: "UTC",
    models: models([
      "k0",
      "k0 c0",
      `SELECT c.k AS k0, COUNT(*) AS c0
FROM ref('ods_fact') AS a
LEFT JOIN ref('dim_group') AS b ON b.g = a.g
JOIN ref('dim_fact') AS c ON c.g = COALESCE(b.l, 'g1')
GROUP BY c.k`,
    ]),
    history: [
      arrived({
        groups: [group({ g: "g0", l: "g2" })],
        facts: [fact({ k: 1, g: "g1" }), fact({ k: 2, g: "g2" }), fact({ k: 3, g: "g0" })],
      }),
      arrived({ groups: [group({ g: "g0", deleted: true })] }),
    ],
  },
  {
    name: "top rows whose only shown value is NULL for the first time (DuckDB's top_n_window_elimination)",
    timeZone: "UTC",
    models: models([
      "k0",
      "k0 c0",
      `SELECT a.g AS k0, a.l AS c0 FROM ref('dim_group') AS a
QUALIFY row_number() OVER (PARTITION BY a.g, a.w ORDER BY a.g DESC) <= 3`,
    ]),
    history: [arrived({ groups: [group({ g: "g1", l: "a" })] }), arrived({ groups: [group({ g: "g0" })] })],
  },
  {
    name: "a change whose own sum is beyond BIGINT, though the whole is not",
    timeZone: "UTC",
    models: models([
      "k0",
      "k0 c0 c1",
      "SELECT a.g AS k0, SUM(a.n) AS c0, SUM(a.n) // 2 AS c1 FROM ref('dim_fact') AS a GROUP BY a.g",
    ]),
    history: [
      arrived({ facts: [fact({ k: 1, n: -4e18 }), fact({ k: 2, n: -4e18 })] }),
      arrived({ facts: [3, 4, 5].map((k) => fact({ k, n: 4e18 })) }),
      arrived({ facts: [fact({ k: 6, n: 4e18 }), fact({ k: 7, n: 4e18 }), fact({ k: 5, deleted: true })] }),
    ],
  },
  {
    name: "a union of which one part takes rows back, while the other did so in an earlier micro-batch",
    timeZone: "UTC",
    models: models(
      ["k0", "k0 c0", "SELECT a.g AS k0, MAX(a.s) AS c0 FROM ref('dim_fact') AS a GROUP BY a.g"],
      ["k0", "k0 c0", "SELECT b.g AS k0, b.l AS c0 FROM ref('dim_group') AS b"],
      [
        "part k0",
        "part k0 c0",
        `SELECT 'p0' AS part, a.k0, a.c0 FROM ref('dws_r0') AS a
UNION ALL
SELECT 'p1' AS part, b.k0, b.c0 FROM ref('dws_r1') AS b`,
      ],
    ),
    history: [
      arrived({ groups: [group({ g: "g0", l: "a" })], facts: [fact({ k: 1, s: "a" })] }),
      arrived({ groups: [group({ g: "g0", l: "b" })] }),
      arrived({ groups: [group({ g: "g1", l: "c" })], facts: [fact({ k: 2, s: "b" })] }),
    ],
  },
];
