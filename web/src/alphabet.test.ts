import { describe, expect, it } from "vitest";
import { alphabetOf, readable } from "./alphabet";

const digits = { characters: [..."0123456789"] };
const letters = { characters: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"] };
const amounts = { characters: [...digits.characters, ..."+-.,/:%#$€£¥"] };
const all = { characters: [...digits.characters, ...letters.characters] };

describe("readable", () => {
  it("is what some model has all the characters of", () => {
    expect(readable([])).toEqual([]);
    expect(readable([digits])).toEqual(["digits"]);
    expect(readable([digits, letters])).toEqual(["digits", "letters"]);
    expect(readable([all])).toEqual(["digits", "letters", "alphanumeric"]);
    expect(readable([amounts])).toEqual(["digits", "symbols"]);
    expect(readable([{ characters: digits.characters.slice(1) }])).toEqual([]);
  });
});

describe("alphabetOf", () => {
  it("has digits for what the page has no words for", () => {
    expect(alphabetOf("letters")).toBe("letters");
    expect(alphabetOf("hanzi")).toBe("digits");
    expect(alphabetOf("")).toBe("digits");
  });
});
