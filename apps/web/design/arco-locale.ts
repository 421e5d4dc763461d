import { useLocale } from "@arco-design/web-vue/es/locale";
import { addI18nMessages } from "@arco-design/web-vue/es/locale";
import arcoEn from "@arco-design/web-vue/es/locale/lang/en-us.js";
import { watchEffect } from "vue";
import { useI18n } from "vue-i18n";
import type { Locale } from "../locale/locales.ts";

// Arco brings Chinese along; English has to be given to it
addI18nMessages({ "en-US": arcoEn }, { overwrite: false });
const ARCO_LOCALES: Readonly<Record<Locale, string>> = { en: "en-US", "zh-CN": "zh-CN" };

/** Lets Arco's own words (pages, "no data") follow the viewer's language; called where Arco components stand. */
export function useArcoLocale(): void {
  const { locale } = useI18n();
  watchEffect(() => useLocale(ARCO_LOCALES[locale.value as Locale]));
}
