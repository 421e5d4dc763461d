/** What a person may be, each a set of permissions; one person may have several. */
export const ROLES = ["admin", "dispatcher", "maintainer", "analyst", "viewer"] as const;
export type Role = (typeof ROLES)[number];
