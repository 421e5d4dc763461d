import type { Role } from "@gridlake/contracts";
import { describe, expect, it } from "vitest";
import { navigationOf } from "./navigation.ts";

const records = [
  {
    name: "realtime",
    meta: { page: "realtime" as const, navigation: { group: "operation" as const, icon: "curve" as const } },
  },
  {
    name: "devices",
    meta: {
      page: "devices" as const,
      roles: ["admin"] as const,
      navigation: { group: "grid" as const, icon: "meter" as const },
    },
  },
  { name: "login", meta: { page: "login" as const, open: true } },
];
const holding = (held: Role) => (roles: readonly Role[] | undefined) =>
  roles === undefined || roles.includes(held);

describe("navigationOf", () => {
  it("shows the pages that a person may open, by group, and those alone that have a place", () => {
    expect(navigationOf(records, holding("admin"))).toEqual([
      { name: "operation", pages: [{ name: "realtime", title: "realtime", icon: "curve" }] },
      { name: "grid", pages: [{ name: "devices", title: "devices", icon: "meter" }] },
    ]);
    expect(navigationOf(records, holding("viewer")).map(({ name }) => name)).toEqual(["operation"]);
  });
});
