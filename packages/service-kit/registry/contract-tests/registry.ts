import { describe, expect, test, vi } from "vitest";
import type { Announcement, Instance, Registry } from "../registry.ts";

const services = (instances: readonly Instance[]) => instances.map((instance) => instance.service).toSorted();

/** What every registry keeps to. A change is seen within `withinMs`. */
export function describeRegistry(
  name: string,
  make: () => Promise<Registry>,
  options: { endpoint: () => Announcement["endpoint"]; withinMs: number },
): void {
  const announcement = (service: string, more: Partial<Announcement> = {}): Announcement => ({
    service,
    version: "1.0.0",
    routes: [`/api/${service}`],
    endpoint: options.endpoint(),
    ...more,
  });
  const eventually = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: options.withinMs });

  describe(`registry: ${name}`, () => {
    test("what is registered is discovered, with all it said, until it is deregistered", async () => {
      const registry = await make();
      const said = announcement("assets", { routes: ["/api/assets", "/files"], weight: 3 });
      const registration = await registry.register(said);
      await eventually(async () => {
        expect(await registry.discover("assets")).toEqual([{ ...said, id: registration.id, healthy: true }]);
      });
      expect(await registry.discover("nobody")).toEqual([]);
      await registration.deregister();
      await registration.deregister();
      await eventually(async () => expect(await registry.discover("assets")).toEqual([]));
      await expect(registration.setHealthy(true)).rejects.toMatchObject({ code: "REGISTRY_UNREGISTERED" });
      await registry.close();
    });

    test("two instances of one service are two; the sick and the drained are not discovered", async () => {
      const registry = await make();
      const well = await registry.register(announcement("assets"));
      const sick = await registry.register(announcement("assets"));
      await registry.register(announcement("assets", { weight: 0 }));
      expect(sick.id).not.toBe(well.id);
      await eventually(async () => expect(await registry.discover("assets")).toHaveLength(2));
      await sick.setHealthy(false);
      await eventually(async () =>
        expect((await registry.discover("assets")).map((instance) => instance.id)).toEqual([well.id]),
      );
      await sick.setHealthy(true);
      await eventually(async () => expect(await registry.discover("assets")).toHaveLength(2));
      await registry.close();
    });

    test("a watcher hears the present state and every change, the sick included, until it ends", async () => {
      const registry = await make();
      await registry.register(announcement("assets"));
      let heard: readonly Instance[] = [];
      let calls = 0;
      const end = registry.watch((instances) => {
        heard = instances;
        calls += 1;
      });
      await eventually(() => expect(services(heard)).toEqual(["assets"]));
      const other = await registry.register(announcement("telemetry"));
      await eventually(() => expect(services(heard)).toEqual(["assets", "telemetry"]));
      await other.setHealthy(false);
      await eventually(() =>
        expect(heard.find((instance) => instance.service === "telemetry")?.healthy).toBe(false),
      );
      await other.deregister();
      await eventually(() => expect(services(heard)).toEqual(["assets"]));
      end();
      const before = calls;
      await registry.register(announcement("late"));
      expect(calls).toBe(before);
      await registry.close();
    });

    test("a watcher that throws does not keep the next from hearing", async () => {
      const registry = await make();
      registry.watch(() => {
        throw new Error("deaf");
      });
      let heard: readonly Instance[] = [];
      registry.watch((instances) => {
        heard = instances;
      });
      await registry.register(announcement("assets"));
      await eventually(() => expect(services(heard)).toEqual(["assets"]));
      await registry.close();
    });

    test.each([
      [{ service: "Asset_s" }],
      [{ routes: ["api"] }],
      [{ routes: ["/api/"] }],
      [{ routes: ["/a,b"] }],
      [{ weight: -1 }],
      [{ weight: Number.NaN }],
    ])("what no registry could carry is refused: %j", async (more) => {
      const registry = await make();
      await expect(registry.register(announcement("assets", more))).rejects.toMatchObject({
        code: "REGISTRY_INVALID",
      });
      await registry.close();
    });

    test("closing takes everything off", async () => {
      const registry = await make();
      await registry.register(announcement("assets"));
      await registry.close();
      await eventually(async () => expect(await registry.discover("assets")).toEqual([]));
    });
  });
}
