import type en from "./en/index.ts";

export const LOCALES = ["en", "zh-CN"] as const;
export type Locale = (typeof LOCALES)[number];

/** English is the shape that every other language fills; the compiler refuses a missing or a surplus key. */
export type Messages = typeof en;

/** Each language under its own name, as its readers look for it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: "English", "zh-CN": "简体中文" };

/** The remembered language if we have it, else the first of the browser's that we have, else English. */
export function chooseLocale(remembered: string | null, browserLanguages: readonly string[]): Locale {
  const exact = LOCALES.find((locale) => locale === remembered);
  if (exact !== undefined) return exact;
  for (const language of browserLanguages) {
    const primary = language.toLowerCase().split("-")[0];
    if (primary === "zh") return "zh-CN";
    if (primary === "en") return "en";
  }
  return "en";
}
