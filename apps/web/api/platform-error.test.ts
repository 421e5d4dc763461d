import { AxiosError, type InternalAxiosRequestConfig } from "axios";
import { describe, expect, it } from "vitest";
import { platformErrorOf } from "./platform-error.ts";

const config = {} as InternalAxiosRequestConfig;
const answered = (status: number, data: unknown) =>
  new AxiosError("Request failed", "ERR", config, null, {
    status,
    statusText: "",
    headers: {},
    config,
    data,
  });

describe("platformErrorOf", () => {
  it("shows the platform's own words", () => {
    const error = {
      code: "X_FULL",
      message: "full",
      remedy: "wait",
      retry: "later",
      details: {},
      requestId: "r",
    };
    expect(platformErrorOf(answered(503, { error }))).toEqual({
      status: 503,
      code: "X_FULL",
      message: "full",
      remedy: "wait",
    });
  });

  it("knows only the status of an answer that is not the platform's", () => {
    expect(platformErrorOf(answered(502, "<h1>Bad gateway</h1>"))).toMatchObject({
      status: 502,
      code: "HTTP_502",
    });
  });

  it("tells no answer from a defect of the page", () => {
    expect(platformErrorOf(new AxiosError("timeout"))).toMatchObject({ status: 0, code: "WEB_NO_ANSWER" });
    expect(platformErrorOf(new TypeError("x is undefined"))).toMatchObject({ code: "WEB_DEFECT" });
  });
});
