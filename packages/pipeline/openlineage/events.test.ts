import { beforeAll, describe, expect, test } from "vitest";
import { dataTests } from "../data-tests/index.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import { shippedModels } from "../runtime/pipeline.fixture.ts";
import { checkpointEvents, designEvents, type LineageEvent, testEvents } from "./events.ts";

/** What OpenLineage 2-0-2 and its facets require, by the names of their published schemas. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  RunEvent: ["eventTime", "producer", "schemaURL", "run", "job"],
  JobEvent: ["eventTime", "producer", "schemaURL", "job"],
  DatasetEvent: ["eventTime", "producer", "schemaURL", "dataset"],
  SchemaDatasetFacet: ["fields"],
  ColumnLineageDatasetFacet: ["fields"],
  DocumentationDatasetFacet: ["description"],
  DocumentationJobFacet: ["description"],
  OwnershipDatasetFacet: ["owners"],
  OwnershipJobFacet: ["owners"],
  DataQualityAssertionsDatasetFacet: ["assertions"],
  JobTypeJobFacet: ["processingType", "integration"],
  SQLJobFacet: ["query"],
  DatasetVersionDatasetFacet: ["datasetVersion"],
  ProcessingEngineRunFacet: ["version"],
  OutputStatisticsOutputDatasetFacet: ["rowCount"],
};
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const AT = "2026-01-01T00:00:00Z";
const naming = { namespace: "gridlake", engine: { name: "DuckDB", version: "1.5" } };

/** The schema that a `schemaURL` points at. */
const schemaName = (url: unknown): string => /#\/\$defs\/(\w+)$/.exec(String(url))?.[1] ?? "";

/** Every object that names its schema has what the schema requires; jobs, runs and datasets have their names. */
function conform(value: unknown, path = "event"): void {
  if (Array.isArray(value)) value.forEach((item, at) => conform(item, `${path}[${at}]`));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const fields = value as Record<string, unknown>;
  const url = fields["_schemaURL"] ?? fields["schemaURL"];
  if (url !== undefined) {
    const required = REQUIRED[schemaName(url)];
    expect(required, `${path}: ${String(url)}`).toBeDefined();
    for (const name of required ?? []) expect(fields, `${path}.${name}`).toHaveProperty(name);
    expect(fields["_producer"] ?? fields["producer"], path).toMatch(/^urn:/);
  }
  if (/\.(job|dataset)$|\.(inputs|outputs)\[\d+\]$/.test(path)) {
    expect(fields, path).toMatchObject({ namespace: "gridlake", name: expect.stringMatching(/./) });
  }
  if (path.endsWith(".run")) expect(fields["runId"]).toMatch(UUID);
  for (const [name, inner] of Object.entries(fields)) conform(inner, `${path}.${name}`);
}

let set: ModelSet;
let load: Model;
beforeAll(async () => {
  set = await shippedModels();
  load = set.byName.get("ads_load_feeder_minute") as Model;
});
const committed = (checkpoint = 7) => ({
  model: load,
  checkpoint,
  upserts: 3,
  deletes: 1,
  startedAt: AT,
  completedAt: "2026-01-01T00:00:01Z",
});

describe("OpenLineage events", () => {
  test("of all shipped models conform to the published schemas", () => {
    const results = dataTests(set, []).map((one) => ({
      test: one,
      severity: one.severity,
      status: "pass" as const,
      failures: 0,
      samples: [],
      error: null,
      durationMs: 1,
    }));
    const events: LineageEvent[] = [
      ...designEvents(set, set.models, { ...naming, eventTime: AT }),
      ...set.models.flatMap((model) => checkpointEvents({ ...committed(), model }, naming)),
      ...testEvents(results, { ...naming, startedAt: AT, eventTime: AT, runName: "all" }),
    ];
    expect(events.length).toBeGreaterThan(4 * set.models.length);
    for (const event of events) conform(JSON.parse(JSON.stringify(event)));
    const kinds = new Set(events.map(({ schemaURL }) => schemaName(schemaURL)));
    expect(kinds).toEqual(new Set(["RunEvent", "JobEvent", "DatasetEvent"]));
  });

  test("tell what a column is made of, and what only chooses rows", () => {
    const [, complete] = checkpointEvents(committed(), naming);
    expect(complete.inputs.map(({ name }) => name)).toEqual(load.inputs);
    expect(complete.outputs[0]?.facets?.["columnLineage"]).toMatchObject({
      fields: {
        feeder: {
          inputFields: [
            {
              name: "dim_device",
              field: "feeder",
              transformations: [{ type: "DIRECT", subtype: "IDENTITY" }],
            },
          ],
        },
      },
      dataset: expect.arrayContaining([
        expect.objectContaining({
          name: "dim_device",
          field: "device",
          transformations: [expect.objectContaining({ type: "INDIRECT", subtype: "JOIN" })],
        }),
      ]),
    });
    expect(complete.outputs[0]?.outputFacets?.["outputStatistics"]).toMatchObject({ rowCount: 4 });
  });

  test("of one checkpoint are one run, of another another", () => {
    const [start, complete] = checkpointEvents(committed(), naming);
    expect([start.eventType, complete.eventType]).toEqual(["START", "COMPLETE"]);
    expect(start.run.runId).toBe(complete.run.runId);
    expect(checkpointEvents(committed(), naming)[0].run.runId).toBe(start.run.runId);
    expect(checkpointEvents(committed(8), naming)[0].run.runId).not.toBe(start.run.runId);
  });

  test("tell of a test that failed, on the table that it read", () => {
    const one = dataTests(set, [], [load]).find(({ kind }) => kind === "range");
    const result = {
      test: one as NonNullable<typeof one>,
      severity: "error" as const,
      status: "fail" as const,
      failures: 2,
      samples: [],
      error: null,
      durationMs: 1,
    };
    const [, complete] = testEvents([result], { ...naming, startedAt: AT, eventTime: AT, runName: "x" });
    expect(complete.inputs).toMatchObject([
      {
        name: "ads_load_feeder_minute",
        inputFacets: {
          dataQualityAssertions: {
            assertions: [
              { assertion: "range", success: false, column: "devices", actual: "2", severity: "error" },
            ],
          },
        },
      },
    ]);
  });
});
