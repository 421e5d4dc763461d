import type { Role } from "@gridlake/contracts";
import { createMetrics, IDENTITY_HEADER, silentLogger, type Service } from "@gridlake/service-kit";
import type { Grid } from "./grid.fixture.ts";
import { createAnalyticsService } from "./service.ts";

/** The service over a grid, with a caller who has one role. */
export async function serviceOver(grid: Grid, role: Role = "viewer", timeZone = "UTC") {
  const service: Service = await createAnalyticsService(
    {
      logger: silentLogger(),
      metrics: createMetrics(),
      identity: {
        verify: () =>
          Promise.resolve({ kind: "user", subject: "1", username: "vic", roles: [role], credential: "s" }),
      },
    },
    { serving: grid, watch: grid, timeZone },
  );
  return {
    service,
    async get(path: string, headers: Record<string, string> = { [IDENTITY_HEADER]: "vic" }) {
      const answer = await service.app.inject({ url: `/api/analytics/${path}`, headers });
      return { status: answer.statusCode, body: answer.json() };
    },
  };
}
