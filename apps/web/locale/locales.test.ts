import { describe, expect, it } from "vitest";
import en from "./en/index.ts";
import { chooseLocale } from "./locales.ts";
import zhCN from "./zh-CN/index.ts";

type Tree = { readonly [key: string]: string | Tree };

/** Every message by its dotted key. */
function messagesOf(tree: Tree, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(`${path}${key}`, value);
    else for (const [inner, text] of messagesOf(value, `${path}${key}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

describe("the languages", () => {
  const english = messagesOf(en);
  const chinese = messagesOf(zhCN);

  it("have the same keys", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("use the same placeholders in each message", () => {
    for (const [key, text] of english) {
      expect(placeholders(chinese.get(key) ?? ""), key).toEqual(placeholders(text));
    }
  });

  it("leave no Chinese message empty or in English", () => {
    const sameInBoth = new Set(["shell.product"]);
    for (const [key, text] of chinese) {
      const words = text.replaceAll(/\{\w+\}/g, "");
      expect(words, key).not.toBe("");
      // a message of placeholders and signs alone needs no words
      if (/\p{Letter}/u.test(words) && !sameInBoth.has(key)) expect(words, key).toMatch(/\p{Script=Han}/u);
    }
  });
});

describe("chooseLocale", () => {
  it("keeps what was remembered", () => {
    expect(chooseLocale("zh-CN", ["en-GB"])).toBe("zh-CN");
  });

  it("takes the browser's first language that we have", () => {
    expect(chooseLocale(null, ["de-DE", "zh-TW", "en"])).toBe("zh-CN");
    expect(chooseLocale("klingon", ["en-US"])).toBe("en");
  });

  it("falls back to English", () => {
    expect(chooseLocale(null, ["de"])).toBe("en");
  });
});
