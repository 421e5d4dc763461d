import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import type { Locale } from "../locale/locales.ts";
import type { Place } from "./instant.ts";

// "14 Oct 2013" in English wherever it is read: the day before the month, and 24 hours
const FORMAT_LOCALES: Readonly<Record<Locale, string>> = { en: "en-GB", "zh-CN": "zh-CN" };

/** The viewer's language and time zone, as the formatters take them. */
export function useMeasure(): { place: ComputedRef<Place> } {
  const { locale } = useI18n();
  return {
    place: computed(() => ({
      locale: FORMAT_LOCALES[locale.value as Locale],
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })),
  };
}
