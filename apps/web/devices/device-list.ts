import { get, type Answer } from "../api/platform.ts";
import type { DeviceQuery } from "./device-query.ts";

export type DevicePage = Answer<"/api/analytics/devices">;
export type Device = DevicePage["devices"][number];

export function fetchDevices({ q, ...rest }: DeviceQuery, signal: AbortSignal): Promise<DevicePage> {
  return get("/api/analytics/devices", { query: q === "" ? rest : { ...rest, q }, signal });
}
