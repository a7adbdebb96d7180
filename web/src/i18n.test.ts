import { describe, expect, it } from "vitest";
import { percent, preferred, shortPercent, t } from "./i18n";
import { en, zh, type Key } from "./words";
import page from "../index.html?raw";

describe("the words", () => {
  it("are all there in both languages, with the same places for values", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    const places = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(en) as Key[]) {
      expect(en[key], key).not.toBe("");
      expect(zh[key], key).not.toBe("");
      expect(places(zh[key]), key).toEqual(places(en[key]));
    }
  });

  it("are Chinese in Chinese, but for the way back to English", () => {
    for (const [key, words] of Object.entries(zh)) {
      if (key.startsWith("language") || !/[a-z]/.test(en[key as Key].replace(/\{\w+\}/g, ""))) continue;
      expect(words, key).toMatch(/\p{Script=Han}/u);
    }
  });

  it("include all that the page's own HTML names", () => {
    const named = [...page.matchAll(/data-t(?:-[a-z-]+)?="(\w+)"/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(30);
    for (const key of named) expect(Object.keys(en), key).toContain(key);
  });
});

describe("preferred", () => {
  it("takes the first language that the page speaks", () => {
    expect(preferred(["fr-FR", "zh-Hant-TW", "en"])).toBe("zh");
    expect(preferred(["en-US", "zh"])).toBe("en");
    expect(preferred(["ZH-cn"])).toBe("zh");
    expect(preferred(["fr"])).toBe("en");
    expect(preferred([])).toBe("en");
  });
});

describe("t", () => {
  it("fills in values and never reads them as places", () => {
    expect(t("candidate", { text: "{confidence}", confidence: "9%" })).toBe("{confidence}, 9%");
  });
});

describe("percentages", () => {
  it("never promise more than there is", () => {
    expect(percent(0.9996)).toBe("99.9%");
    expect(percent(1)).toBe("100%");
    expect(percent(0.029)).toBe("2.9%");
    expect(percent(0.0004)).toBe("<0.1%");
    expect(percent(0)).toBe("0.0%");
    expect(shortPercent(0.999)).toBe("99%");
    expect(shortPercent(0.29)).toBe("29%");
  });
});
