import { describe, expect, it } from "vitest";
import { safeReturnPath } from "./return-path.ts";

describe("safeReturnPath", () => {
  it("keeps a path of the application with its query", () => {
    expect(safeReturnPath("/devices?page=3&q=M00")).toBe("/devices?page=3&q=M00");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    undefined,
    ["/a"],
  ])("refuses %j", (candidate) => {
    expect(safeReturnPath(candidate)).toBe("/");
  });

  it("does not lead back to the login page", () => {
    expect(safeReturnPath("/login?return=/devices")).toBe("/");
  });
});
