import { AxiosError, type InternalAxiosRequestConfig } from "axios";
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchMe, postLogin, postLogout } from "./authority.ts";
import { useSession } from "./session.ts";

vi.mock("./authority.ts");

const mara = { id: "1", username: "mara", displayName: "Mara", roles: ["dispatcher" as const] };

function answered(status: number): AxiosError {
  const config = {} as InternalAxiosRequestConfig;
  return new AxiosError("refused", "ERR", config, null, {
    status,
    statusText: "",
    headers: {},
    config,
    data: null,
  });
}

describe("the session", () => {
  beforeEach(() => setActivePinia(createPinia()));
  afterEach(() => vi.resetAllMocks());

  it("asks the platform once, however many ask meanwhile", async () => {
    vi.mocked(fetchMe).mockResolvedValue(mara);
    const session = useSession();
    await Promise.all([session.settle(), session.settle()]);
    await session.settle();
    expect(fetchMe).toHaveBeenCalledTimes(1);
    expect(session.state).toBe("known");
    expect(session.account).toEqual(mara);
  });

  it("is anonymous when the platform knows no session", async () => {
    vi.mocked(fetchMe).mockRejectedValue(answered(401));
    const session = useSession();
    await session.settle();
    expect(session.state).toBe("anonymous");
  });

  it("stays unknown when the platform can't tell, and asks again", async () => {
    vi.mocked(fetchMe).mockRejectedValueOnce(answered(503)).mockResolvedValueOnce(mara);
    const session = useSession();
    await expect(session.settle()).rejects.toThrow();
    expect(session.state).toBe("unknown");
    await session.settle();
    expect(session.state).toBe("known");
  });

  it("opens what one of the roles opens, and what is open to all", async () => {
    vi.mocked(postLogin).mockResolvedValue(mara);
    const session = useSession();
    await session.login({ username: "mara", password: "x" });
    expect(session.mayOpen(["admin", "dispatcher"])).toBe(true);
    expect(session.mayOpen(["admin"])).toBe(false);
    expect(session.mayOpen([])).toBe(false);
    expect(session.mayOpen(undefined)).toBe(true);
  });

  it("is forgotten here even when the platform can't be told", async () => {
    vi.mocked(postLogin).mockResolvedValue(mara);
    vi.mocked(postLogout).mockRejectedValue(answered(503));
    const session = useSession();
    await session.login({ username: "mara", password: "x" });
    await expect(session.logout()).rejects.toThrow();
    expect([session.state, session.account]).toEqual(["anonymous", null]);
  });
});
