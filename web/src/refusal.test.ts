import { afterEach, describe, expect, it, vi } from "vitest";
import api from "../../docs/api.md?raw";
import codes from "../../src/base/result.cpp?raw";
import { Refusal } from "./api";
import * as i18n from "./i18n";
import { particulars, refusalWords } from "./refusal";
import { en, zh } from "./words";

const speak = (language: i18n.Language) => vi.spyOn(i18n, "language").mockReturnValue(language);
afterEach(() => vi.restoreAllMocks());

const kDamaged = new Refusal(422, "corrupt_image", "the PNG file is truncated; send the whole file");
const kLarge = new Refusal(413, "too_large", "the picture is 9000x9000 pixels; the limit is 40 megapixels");

describe("refusals", () => {
  it("have words for every code that the server may give", () => {
    const table = api.slice(api.indexOf("| status | code |"), api.indexOf("## Limits"));
    const given = [...table.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g), ...codes.matchAll(/return "(\w+)"/g)].map((match) => match[1]!);
    expect(given.length).toBeGreaterThan(30);
    for (const code of given) expect(Object.keys(en), code).toContain(`refusal_${code}`);
  });

  it("are the server's own sentence in English, and nothing more", () => {
    speak("en");
    expect(refusalWords(kDamaged)).toBe(kDamaged.detail);
    expect(particulars(kLarge)).toBe("");
    expect(refusalWords(new Refusal(413, "", ""))).toBe(en.refusal_too_large);
  });

  it("go by their code otherwise, with the server's words where those have numbers", () => {
    speak("zh");
    const t = vi.spyOn(i18n, "t").mockImplementation((key) => zh[key]);
    expect(refusalWords(kDamaged)).toBe(zh.refusal_corrupt_image);
    expect(particulars(kDamaged)).toBe("");
    expect(refusalWords(kLarge)).toBe(zh.refusal_too_large);
    expect(particulars(kLarge)).toBe(kLarge.detail);
    expect(t).toHaveBeenCalled();
  });

  it("of an unknown code say so, with all that the server said", () => {
    speak("zh");
    vi.spyOn(i18n, "t").mockImplementation((key) => zh[key]);
    for (const code of ["teapot", "constructor"]) {
      const refusal = new Refusal(418, code, "I'm a teapot");
      expect(refusalWords(refusal)).toBe(zh.refusal_unknown);
      expect(particulars(refusal)).toBe("I'm a teapot");
    }
  });
});
