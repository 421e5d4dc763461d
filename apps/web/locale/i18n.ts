import { createI18n } from "vue-i18n";
import { chooseLocale, type Locale, type Messages } from "./locales.ts";

const LOCALE_KEY = "gridlake.locale";

// each language is its own chunk: a viewer loads one
const LOADERS: Readonly<Record<Locale, () => Promise<{ default: Messages }>>> = {
  en: () => import("./en/index.ts"),
  "zh-CN": () => import("./zh-CN/index.ts"),
};

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: "en",
  messages: {} as Record<Locale, Messages>,
  // a key that is missing is a defect: shown as the key itself, never as another language
  fallbackLocale: false as never,
});

/** Loads a language if need be, then shows it and remembers it. */
export async function showLocale(locale: Locale): Promise<void> {
  if (!i18n.global.availableLocales.includes(locale)) {
    i18n.global.setLocaleMessage(locale, (await LOADERS[locale]()).default);
  }
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
  localStorage.setItem(LOCALE_KEY, locale);
}

/** The language to begin with: see {@link chooseLocale}. */
export function firstLocale(): Locale {
  return chooseLocale(localStorage.getItem(LOCALE_KEY), navigator.languages);
}
