import type { Role } from "@gridlake/contracts";
import { describe, expect, it } from "vitest";
import { admit, type GuardedSession } from "./guard.ts";

function session(held: readonly Role[] | null, settle = () => Promise.resolve()): GuardedSession {
  return {
    state: held === null ? "anonymous" : "known",
    settle,
    mayOpen: (roles) => roles === undefined || roles.some((role) => held?.includes(role)),
  };
}

const silent = () => Promise.reject(new Error("no answer"));

const adminPage = {
  name: "accounts",
  path: "/administration/accounts",
  fullPath: "/administration/accounts?page=2",
  query: { page: "2" },
  meta: { page: "devices" as const, roles: ["admin"] as const },
};
const login = {
  name: "login",
  path: "/login",
  fullPath: "/login",
  query: {},
  meta: { page: "login" as const, open: true },
};

describe("admit", () => {
  it("opens a page to one of its roles", async () => {
    expect(await admit(adminPage, session(["viewer", "admin"]))).toBe(true);
  });

  it("leads a person without the role to the 403 page, at the same address", async () => {
    expect(await admit(adminPage, session(["viewer"]))).toEqual({
      name: "forbidden",
      params: { path: ["administration", "accounts"] },
      query: { page: "2" },
      replace: true,
    });
  });

  it("leads an unknown person to the login page, with the way back", async () => {
    expect(await admit(adminPage, session(null))).toEqual({
      name: "login",
      query: { return: "/administration/accounts?page=2" },
      replace: true,
    });
  });

  it("opens a page without roles to everybody who is signed in, and to nobody else", async () => {
    const page = { ...adminPage, meta: { page: "devices" as const } };
    expect(await admit(page, session([]))).toBe(true);
    expect(await admit(page, session(null))).toMatchObject({ name: "login" });
  });

  it("takes a signed-in person past the login page", async () => {
    expect(await admit(login, session(["viewer"]))).toMatchObject({ path: "/" });
    expect(await admit(login, session(null))).toBe(true);
  });

  it("says so when the platform can't be asked, and still opens the login page", async () => {
    expect(await admit(adminPage, session(null, silent))).toMatchObject({ name: "unreachable" });
    expect(await admit(login, session(null, silent))).toBe(true);
  });
});
