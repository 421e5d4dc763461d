import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { PipelineState, PipelineWatch, Row, Serving, Value } from "@gridlake/pipeline";

const TABLES = [
  "dim_device(device VARCHAR, feeder VARCHAR, name VARCHAR, rated_voltage_v DECIMAL(9,3), kind VARCHAR DEFAULT 'customer')",
  "dim_feeder(feeder VARCHAR, name VARCHAR, station VARCHAR, region VARCHAR)",
  `dwd_reading(device VARCHAR, ts TIMESTAMPTZ, seq BIGINT, energy_wh BIGINT, active_power_w DECIMAL(12,3),
     voltage_v DECIMAL(9,3), current_a DECIMAL(9,3), received_at TIMESTAMPTZ)`,
  "dws_energy_15min(device VARCHAR, window_start TIMESTAMPTZ, energy_wh BIGINT)",
  "dws_energy_hour(device VARCHAR, window_start TIMESTAMPTZ, energy_wh BIGINT)",
  "dws_energy_day(device VARCHAR, window_start TIMESTAMPTZ, energy_wh BIGINT)",
  "ads_load_feeder_minute(feeder VARCHAR, window_start TIMESTAMPTZ, active_power_w DECIMAL(38,3), devices BIGINT)",
  "ads_top_consumer(window_start TIMESTAMPTZ, rank BIGINT, device VARCHAR, energy_wh BIGINT)",
  `dwd_refused(topic VARCHAR, topic_offset BIGINT, line BIGINT, received_at TIMESTAMPTZ, reason VARCHAR,
     device VARCHAR, raw VARCHAR)`,
  `dwd_quarantine_resolution(of_topic VARCHAR, of_offset BIGINT, of_line BIGINT, action VARCHAR, replacement VARCHAR,
     resolved_by VARCHAR, note VARCHAR, resolved_at TIMESTAMPTZ)`,
  `dwd_quarantine(topic VARCHAR, topic_offset BIGINT, line BIGINT, received_at TIMESTAMPTZ, reason VARCHAR,
     device VARCHAR, raw VARCHAR)`,
];

/** A data directory in memory: the models' tables in DuckDB, and a pipeline whose state the test sets. */
export class Grid implements Serving, PipelineWatch {
  readonly #connection: DuckDBConnection;
  readonly asked: string[] = [];
  sequence = 1;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async empty(): Promise<Grid> {
    const grid = new Grid(await (await DuckDBInstance.create(":memory:")).connect());
    for (const table of TABLES) await grid.run(`CREATE TABLE ${table}`);
    return grid;
  }

  /** Writes as a micro-batch does. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
    this.sequence += 1;
  }

  async rows(sql: string, params: readonly Value[] = []): Promise<Row[]> {
    this.asked.push(sql);
    const reader = await this.#connection.runAndReadAll(sql, [...params]);
    return reader.getRowObjectsJson().map((row) => {
      const types = reader.columnTypes();
      // BIGINT leaves the reader as text; as in the pipeline, only those beyond 2^53 stay so
      return Object.fromEntries(
        reader.columnNames().map((name, index) => {
          const value = row[name] as Value;
          const isBigint = String(types[index]) === "BIGINT";
          return [name, isBigint && value !== null ? Number(value) : value];
        }),
      );
    });
  }

  state(): PipelineState {
    return {
      status: "running",
      sequence: this.sequence,
      topics: [{ topic: "readings", next: 40, end: 42, lagMs: 1_500 }],
      checkpoint: {
        number: 3,
        sequence: this.sequence,
        completedAt: "2013-10-14T12:00:00Z",
        durationMs: 42,
        failures: 1,
        error: null,
      },
      models: [
        {
          name: "dwd_reading",
          layer: "dwd",
          rowsIn: 10,
          rowsOut: 9,
          rowsReplaced: 1,
          checkpoint: 3,
          freshness: { promisedMs: 300_000, changedAt: "2013-10-14T12:00:00Z", isStale: false },
          version: { status: "current", asOf: null, building: null },
        },
      ],
      tests: [
        {
          name: "dwd_reading: unique(device, ts)",
          model: "dwd_reading",
          kind: "unique",
          severity: "error",
          status: "fail",
          failures: 2,
          error: null,
          checkedAt: "2013-10-14T12:00:00Z",
          durationMs: 3,
        },
      ],
      linesPerSecond: 12.5,
      error: null,
    };
  }

  reached(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** Two feeders of two devices each, one minute of readings a minute from 10:00 to 12:00 on 14 October 2013. */
export async function gridOfFour(): Promise<Grid> {
  const grid = await Grid.empty();
  await grid.run("INSERT INTO dim_feeder VALUES ('F1', 'North', 'S1', 'R1'), ('F2', NULL, 'S1', 'R1')");
  await grid.run(`INSERT INTO dim_device(device, feeder, name, rated_voltage_v) VALUES ('M1', 'F1', 'Mill', 230), ('M2', 'F1', NULL, 230),
    ('M3', 'F2', 'Harbour', 400), ('M4', 'F2', 'Silent', NULL)`);
  // M4 last spoke at 08:00; the others every minute, with a power that names device and minute
  await grid.run(`INSERT INTO dwd_reading
    SELECT 'M' || d, timestamptz '2013-10-14T10:00:00Z' + to_minutes(m), m, 1000 * d + 10 * m, 100 * d + m, 230, 0.5,
           timestamptz '2013-10-14T12:00:00Z'
    FROM range(1, 4) AS devices(d), range(0, 121) AS minutes(m)`);
  await grid.run(`INSERT INTO dwd_reading VALUES
    ('M4', '2013-10-14T08:00:00Z', 0, 4000, 400, 231, 1, '2013-10-14T08:00:01Z')`);
  await grid.run(`INSERT INTO ads_load_feeder_minute
    SELECT feeder, date_trunc('minute', ts), sum(active_power_w), count(*)
    FROM dwd_reading JOIN dim_device USING (device) GROUP BY ALL`);
  for (const [table, unit] of [
    ["dws_energy_15min", 15],
    ["dws_energy_hour", 60],
    ["dws_energy_day", 1440],
  ] as const) {
    await grid.run(`INSERT INTO ${table}
      SELECT device, to_timestamp(epoch_ms(ts) // (${unit} * 60000) * ${unit} * 60), max(energy_wh) - min(energy_wh)
      FROM dwd_reading WHERE device <> 'M4' GROUP BY ALL`);
  }
  await grid.run(`INSERT INTO ads_top_consumer
    SELECT window_start, row_number() OVER (ORDER BY energy_wh DESC, device), device, energy_wh FROM dws_energy_day`);
  await grid.run(`INSERT INTO dwd_quarantine VALUES
    ('readings', 7, 2, '2013-10-14T11:00:00Z', 'WRONG_TYPE', 'M1', '{"device":"M1","energy_wh":"12"}'),
    ('readings', 9, 1, '2013-10-14T11:30:00Z', 'MALFORMED_JSON', NULL, repeat('x', 3000))`);
  await grid.run(`INSERT INTO dwd_refused FROM dwd_quarantine
    UNION ALL SELECT 'devices', 3, 1, timestamptz '2013-10-14T10:00:00Z', 'WRONG_TYPE', 'M1', '{"device":7}'`);
  await grid.run(`INSERT INTO dwd_quarantine_resolution VALUES
    ('devices', 3, 1, 'replayed', '{"device":"M7"}', 'ann', NULL, '2013-10-14T10:05:00Z')`);
  return grid;
}
