import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The machine's Chromium. @param GRIDLAKE_CHROMIUM where it is. @default /usr/bin/chromium */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env["GRIDLAKE_CHROMIUM"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

export interface Tab {
  page: Page;
  /** What went wrong in it: uncaught errors, error messages of the console, refusals by the CSP. */
  complaints: string[];
  close(): Promise<void>;
}

/** A tab with a profile of its own. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    colorScheme: "light",
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // an answer that is not 200 is logged by the browser itself; the tests provoke those
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  return { page, complaints, close: () => context.close() };
}
