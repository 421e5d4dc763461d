import type { Role } from "@gridlake/contracts";
import type { RouteRecord } from "vue-router";
import type { IconName } from "../../design/icon/icons.ts";
import type { Messages } from "../../locale/locales.ts";

export interface NavigationGroup {
  name: keyof Messages["shell"]["group"];
  pages: { name: string; title: keyof Messages["shell"]["page"]; icon: IconName }[];
}

/** The navigation that a person sees: pages that have a place in it and that the person may open, by group. */
export function navigationOf(
  records: readonly Pick<RouteRecord, "name" | "meta">[],
  mayOpen: (roles: readonly Role[] | undefined) => boolean,
): NavigationGroup[] {
  const groups = new Map<string, NavigationGroup>();
  for (const { name, meta } of records) {
    if (meta.navigation === undefined || typeof name !== "string" || !mayOpen(meta.roles)) continue;
    const group = groups.get(meta.navigation.group) ?? { name: meta.navigation.group, pages: [] };
    group.pages.push({ name, title: meta.page, icon: meta.navigation.icon });
    groups.set(meta.navigation.group, group);
  }
  return [...groups.values()];
}
