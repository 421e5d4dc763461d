import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { builtWeb } from "./built-web.ts";
import { launchChromium, openTab, type Tab } from "./chromium.ts";
import { FakePlatform } from "./fake-platform.ts";

describe("the application in Chromium", () => {
  let dist: string;
  let browser: Browser;
  let platform: FakePlatform;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    dist = await builtWeb();
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    platform = await FakePlatform.serve(dist);
    await open();
  });
  afterEach(async () => {
    // under the CSP of the gateway nothing may be refused, and nothing may fail unseen
    expect(tab.complaints).toEqual([]);
    await tab.close();
    await platform.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    tab = await openTab(browser, options);
    ({ page } = tab);
  }
  const goto = (path: string) => page.goto(`${platform.url}${path}`);
  const figure = (name: string) => page.locator(`[data-figure=${name}]`);
  const chart = () => page.getByRole("img", { name: /last/ });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });

  it("leads a stranger to the login page, refuses a wrong password, and back to where they wanted", async () => {
    await goto("/devices?page=2");
    await page.getByLabel("User name").fill("mara");
    await page.getByLabel("Password").fill("guess");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").filter({ hasText: "the user name or the password is wrong" }).waitFor();
    await page.getByLabel("Password").fill("open sesame");
    await page.keyboard.press("Enter");
    await heading("Devices").waitFor();
    expect(new URL(page.url()).search).toBe("?page=2");
    expect(await page.getByText("Mara Lindqvist").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading("Sign in").waitFor();
    expect(platform.signedIn).toBe(false);
  });

  it("asks for what is missing before it asks the platform", async () => {
    await goto("/login");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Enter your password.").waitFor();
    expect(platform.asked.filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  it("leads to the login page, saying why, when the session ends under way", async () => {
    platform.signedIn = true;
    await goto("/devices");
    await page.getByText("M0001").waitFor();
    platform.signedIn = false;
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("Your session has ended").waitFor();
    expect(new URL(page.url()).searchParams.get("return")).toBe("/devices");
  });

  it("shows the 403 page to a person without a role, at the same address", async () => {
    platform.signedIn = true;
    platform.roles = [];
    await goto("/devices");
    await page.getByText("Your roles do not open this page").waitFor();
    await page.getByText("It takes one of: Administrator, Dispatcher").waitFor();
    expect(new URL(page.url()).pathname).toBe("/devices");
    expect(await page.getByRole("navigation").getByRole("link").count()).toBe(0);
  });

  it("says that an address has no page, and that the platform can't be reached", async () => {
    platform.signedIn = true;
    await goto("/nowhere/at/all");
    await page.getByText("There is no page at this address").waitFor();
    platform.failing.add("/api/authority/me");
    await goto("/devices");
    await page.getByText("The platform cannot be reached").waitFor();
    platform.failing.clear();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("M0001").waitFor();
  });

  describe("real-time consumption", () => {
    beforeEach(() => {
      platform.signedIn = true;
    });

    it("moves with the live stream, without a reload", async () => {
      await goto("/realtime");
      await page.getByText("Live", { exact: true }).waitFor();
      const before = await chart().getAttribute("aria-label");
      const drawn = await canvasText(page);
      for (let minute = 0; minute < 90; minute += 1) platform.tick();
      await eventually(() => chart().getAttribute("aria-label")).not.toBe(before);
      // the load follows the time of day, and its unit follows the load
      const watts = platform.grid.totalW();
      const [scale, unit] = watts < 1e6 ? [1e3, "kW"] : [1e6, "MW"];
      const total = (watts / scale).toPrecision(4);
      await eventually(() => chart().getAttribute("aria-label")).toContain(`last ${total}\u00a0${unit}`);
      await eventually(() => figure("load").textContent()).toContain(total);
      await eventually(() => canvasText(page)).not.toBe(drawn);
      // a snapshot at the start, another once the stream stands; from then on only what changed is read again
      const curves = platform.asked.filter((line) => line.includes("load-curve"));
      const snapshots = curves.filter((line) => !line.includes("from="));
      expect(snapshots.length).toBeLessThanOrEqual(2);
      expect(curves.length).toBeGreaterThan(snapshots.length);
    });

    it("draws chosen feeders from the stream alone, as lines and stacked", async () => {
      await goto("/realtime");
      await page.locator(".arco-select-view").click();
      await page.locator(".arco-select-option", { hasText: "Harbour North" }).click();
      await page.locator(".arco-select-option", { hasText: "Old Town" }).click();
      await eventually(() => chart().getAttribute("aria-label")).toMatch(/Harbour North: .*Old Town: /);
      await page.keyboard.press("Escape");
      const asked = platform.asked.filter((line) => line.includes("load-curve")).length;
      const before = await chart().getAttribute("aria-label");
      platform.tick();
      await eventually(() => chart().getAttribute("aria-label")).not.toBe(before);
      expect(platform.asked.filter((line) => line.includes("load-curve"))).toHaveLength(asked);
      await page.getByRole("radio", { name: "Stacked" }).check();
      await page.getByRole("radio", { name: "1 h" }).check();
      await page.reload();
      await eventually(() => page.getByRole("radio", { name: "1 h" }).isChecked()).toBe(true);
    });

    it("says that the stream is interrupted, comes back by itself, and loads anew on a reset", async () => {
      await goto("/realtime");
      await page.getByText("Live", { exact: true }).waitFor();
      platform.cutStreams();
      await eventually(() => platform.streams).toBe(1);
      await page.getByText("Live", { exact: true }).waitFor();
      const asked = platform.asked.filter((line) => line.includes("load-curve")).length;
      platform.send("reset", { sequence: 500 });
      await eventually(() => platform.asked.filter((line) => line.includes("load-curve")).length).toBe(
        asked + 1,
      );
    });

    it("keeps what it has, and says so, while the platform fails", async () => {
      await goto("/realtime");
      await page.getByText("Quayside Cold Store").waitFor();
      platform.failing.add("/api/analytics/summary");
      await page.getByText("it could not be refreshed").waitFor({ timeout: 10_000 });
      expect(await figure("devices").textContent()).toContain("210");
      platform.failing.clear();
      await page.getByText("it could not be refreshed").waitFor({ state: "detached", timeout: 10_000 });
    });

    it("shows an error with its code when there is nothing to keep", async () => {
      platform.failing.add("/api/analytics/load-curve");
      await goto("/realtime");
      await page.getByText("Code SERVICE_UNAVAILABLE").waitFor();
      platform.failing.clear();
      await page.getByRole("button", { name: "Try again" }).click();
      await chart().waitFor();
    });

    it("says what to do on an empty lake", async () => {
      platform.grid.empty = true;
      await goto("/realtime");
      await page.getByText("No load has been measured yet").waitFor();
      await page.getByText("No consumption yet").waitFor();
      expect(await figure("age").textContent()).toContain("no data yet");
      // and the first minute appears without a reload
      platform.grid.empty = false;
      platform.tick();
      await chart().waitFor();
      await eventually(() => page.getByText("No load has been measured yet").count()).toBe(0);
    });

    it("shows the values beside the pointer, of every line", async () => {
      await goto("/realtime");
      await chart().waitFor();
      const box = await chart().boundingBox();
      if (box === null) throw new Error("the chart has no place");
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.locator(".gl-chart-tooltip .value").filter({ hasText: /W$/ }).waitFor();
    });
  });

  describe("devices", () => {
    beforeEach(async () => {
      platform.signedIn = true;
      await goto("/devices");
      await page.getByText("M0001").waitFor();
    });

    it("pages, sorts and searches on the platform, and keeps it in the address bar", async () => {
      await page.getByText("210 devices").waitFor();
      await page.locator(".arco-pagination-item", { hasText: /^3$/ }).click();
      await page.getByText("M0041").waitFor();
      await page.locator("th", { hasText: "Device" }).click();
      await page.getByText("M0210").waitFor();
      expect(new URL(page.url()).search).toBe("?sort=-device");
      await page.getByLabel("Search device, name or feeder").fill("M001");
      await page.getByText("10 devices", { exact: true }).waitFor();
      expect(platform.asked.at(-1)).toContain("page=1&pageSize=20&sort=-device&q=M001");
      await page.reload();
      await page.getByText("10 devices", { exact: true }).waitFor();
    });

    it("tells an empty search from an empty register", async () => {
      await page.getByLabel("Search device, name or feeder").fill("zeppelin");
      await page.getByText("No device matches “zeppelin”").waitFor();
      platform.grid.empty = true;
      await page.getByRole("button", { name: "Clear the search" }).click();
      await page.getByText("No devices on the register").waitFor();
    });

    it("shows the platform's refusal instead of an empty table", async () => {
      platform.failing.add("/api/analytics/devices");
      await page.reload();
      await page.getByText("Code SERVICE_UNAVAILABLE").waitFor();
    });
  });

  describe("the viewer's choices", () => {
    beforeEach(() => {
      platform.signedIn = true;
    });

    it("speaks Chinese on request, remembers it, and so do Arco's own words", async () => {
      await goto("/devices");
      await page.getByRole("button", { name: "简体中文" }).click();
      await heading("设备").waitFor();
      await page.locator(".arco-select-view-value", { hasText: "20 条/页" }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
      await page.reload();
      await heading("设备").waitFor();
    });

    it("follows the system's light and dark, unless one was chosen", async () => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await goto("/realtime");
      await chart().waitFor();
      const light = await background();
      await page.emulateMedia({ colorScheme: "dark" });
      await eventually(background).not.toBe(light);
      await page.getByRole("button", { name: "Light" }).click();
      await eventually(background).toBe(light);
      await page.reload();
      await chart().waitFor();
      expect(await background()).toBe(light);
    });

    it("writes times in the viewer's zone and names it", async () => {
      await tab.close();
      await open({ timezoneId: "Asia/Shanghai" });
      await goto("/realtime");
      await page.getByText("Asia/Shanghai · UTC+08:00").waitFor();
      const shanghai = new Intl.DateTimeFormat("en-GB", {
        timeZone: "Asia/Shanghai",
        hour: "2-digit",
        minute: "2-digit",
      });
      await page.getByText(`minute of ${shanghai.format(platform.grid.newestMs)}`).waitFor();
    });

    it("can be worked with the keyboard alone", async () => {
      await goto("/realtime");
      await chart().waitFor();
      await page.keyboard.press("Tab");
      await eventually(() => focused(page)).toBe("Skip to the content");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await eventually(() => focused(page)).toBe("Devices");
      await page.keyboard.press("Enter");
      await page.getByText("M0001").waitFor();
    });

    it.each([
      { width: 820, height: 1180 },
      { width: 1440, height: 900 },
    ])("fits $width × $height without a horizontal scroll bar", async (viewport) => {
      await tab.close();
      await open({ viewport });
      for (const path of ["/realtime", "/devices"]) {
        await goto(path);
        await page
          .getByText(/Quayside|M0001/)
          .first()
          .waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, path).toBeLessThanOrEqual(0);
      }
    });
  });
});

/** Holds a value to what is expected of it, for longer than any pause between two readings of the page. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());

/** The picture on the chart's canvas, as a text that changes when it does. */
const canvasText = (page: Page) => page.evaluate(() => document.querySelector("canvas")?.toDataURL());
