import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMIN_PASSWORD, Ground, type PlatformProcess, REPOSITORY } from "./platform.fixture.ts";

const CHROMIUM = process.env["GRIDLAKE_CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The demo's last day is in by then. */
const HISTORY_MS = 240_000;
/** The curve shows whole minutes; the next one is whole in less than two. */
const MINUTE_LIMIT_MS = 240_000;

const ground = new Ground();
let platform: PlatformProcess;
let browser: Browser;
let page: Page;
/** What went wrong in the page: uncaught errors, the console's error messages, answers that are refusals. */
const complaints: string[] = [];

beforeAll(async () => {
  [platform, browser] = await Promise.all([
    ground.start({ demo: true }),
    chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS }),
  ]);
  page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    colorScheme: "light",
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // the browser's own words on a refusal; the answers themselves are looked at below
    const isRefusal = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isRefusal) complaints.push(message.text());
  });
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    // a stranger asks who it is, and is told that it is nobody
    const isStranger = pathname === "/api/authority/me" && response.status() === 401;
    if (response.status() >= 400 && !isStranger) complaints.push(`${response.status()} ${pathname}`);
  });
});
afterAll(async () => {
  await browser.close();
  await ground.clear();
});

const figure = async (name: string): Promise<number> => {
  const text = await page.locator(`[data-figure=${name}]`).textContent();
  return Number((/[\d.,]*\d/.exec(text ?? "")?.[0] ?? "NaN").replaceAll(",", ""));
};
/** The curve's own words: least, most and last load, with the minute of the last. */
const curve = async (): Promise<string> =>
  (await page.getByRole("img", { name: /last/ }).getAttribute("aria-label", { timeout: 1_000 })) ?? "";
const picture = () => page.evaluate('document.querySelector("canvas")?.toDataURL()');
const heading = (name: string) => page.getByRole("heading", { level: 1, name });

test("the demo in Chromium: logged in, the curve moves without a reload, in two languages and two lights", async () => {
  await page.goto(platform.url);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(ADMIN_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  // whoever reloads loses this
  await page.evaluate("window.isSamePage = true");

  // the last day comes in while we look on
  await expect.poll(curve, { timeout: HISTORY_MS }).toContain("last");
  await expect.poll(() => figure("readings"), { timeout: HISTORY_MS }).toBeGreaterThan(70_000);
  // fifty meters, and of each of five feeders the head and the transformer
  expect(await figure("devices")).toBe(60);
  expect(await figure("quarantined")).toBe(0);

  const [before, drawn, readings] = [await curve(), await picture(), await figure("readings")];
  await expect.poll(() => figure("readings"), { timeout: 60_000 }).toBeGreaterThan(readings);
  await expect.poll(curve, { timeout: MINUTE_LIMIT_MS, interval: 500 }).not.toBe(before);
  await expect.poll(picture).not.toBe(drawn);
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  await screenshot(await figure("load"));

  const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await background();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);

  await page.getByRole("link", { name: "Devices" }).click();
  await heading("Devices").waitFor();
  await page.getByText("60 devices", { exact: true }).waitFor();
  await page.getByText("D0001", { exact: true }).waitFor();
  await page.locator(".arco-pagination-item", { hasText: /^3$/ }).click();
  await page.getByText("D0041", { exact: true }).waitFor();
  expect(await page.getByText("D0001", { exact: true }).count()).toBe(0);

  await page.getByRole("button", { name: "简体中文" }).click();
  await heading("设备").waitFor();
  expect(await page.evaluate("document.documentElement.lang")).toBe("zh-CN");
  expect(complaints).toEqual([]);
  expect(await platform.stop()).toMatchObject({ code: 0 });
}, 280_000);

/** Into a folder of its own; into the guide with GRIDLAKE_SCREENSHOT=docs/guide/realtime.png. */
async function screenshot(loadShown: number): Promise<void> {
  expect(loadShown).toBeGreaterThan(0);
  const wanted = process.env["GRIDLAKE_SCREENSHOT"];
  const folder = wanted === undefined ? mkdtempSync(join(tmpdir(), "gridlake-screenshot-")) : undefined;
  const path = folder === undefined ? resolve(REPOSITORY, wanted ?? "") : join(folder, "realtime.png");
  mkdirSync(dirname(path), { recursive: true });
  const image = await page.screenshot({ path, animations: "disabled" });
  // an empty page is a few kilobytes
  expect(image.length).toBeGreaterThan(30_000);
  if (folder !== undefined) rmSync(folder, { recursive: true });
}
