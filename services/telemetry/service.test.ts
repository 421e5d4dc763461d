import { REGISTERS } from "@gridlake/contracts";
import { describeService } from "@gridlake/service-kit";
import { expect, test } from "vitest";
import { telemetryConfig } from "./config.ts";
import { telemetry } from "./service.ts";

test("the document names every route, every status and an example of each body", async () => {
  const { paths } = await describeService(telemetry);
  expect(Object.keys(paths).sort()).toEqual(
    [
      "/api/telemetry/batches/{id}",
      ...REGISTERS.map(({ name }) => `/api/telemetry/${name}/import`),
      "/api/telemetry/live/{model}",
      "/api/telemetry/quarantine/discard",
      "/api/telemetry/quarantine/replay",
      "/ingest/batches/{id}",
      "/ingest/readings",
    ].sort(),
  );
  const send = paths["/ingest/readings"]?.["post"] as unknown as {
    responses: Record<string, unknown>;
    requestBody: { content: Record<string, unknown> };
    security: unknown;
  };
  expect(Object.keys(send.responses)).toEqual(
    expect.arrayContaining(["200", "400", "401", "403", "413", "415", "422", "429", "503", "default"]),
  );
  expect(Object.keys(send.requestBody.content)).toEqual(["application/x-ndjson", "application/json"]);
  expect(send.security).toEqual([{ token: [] }]);
  expect(JSON.stringify(send)).toContain('"energy_wh":123456');
});

test("every bound has a default, and a wrong one is named", () => {
  expect(telemetryConfig()).toMatchObject({
    ingest: { maxBodyBytes: 8_388_608, tokenTtlMs: 10_000 },
    masterData: { maxRows: 200_000 },
    live: { maxClients: 500 },
  });
  expect(telemetryConfig({ ingest: { maxLagRecords: 5 } }).ingest).toMatchObject({
    maxLagRecords: 5,
    maxBodyBytes: 8_388_608,
  });
  for (const wrong of [
    { ingest: { tokenTtlMs: 10_001 } },
    { ingest: { maxBody: 1 } },
    { live: { maxClients: 0 } },
  ]) {
    expect(() => telemetryConfig(wrong)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  }
});
