import { describe, expect, it } from "vitest";
import { bytesOf, inkOf } from "./glyph";

describe("bytesOf", () => {
  it("decodes base64 of the length that was said", () => {
    expect(bytesOf("AP8Q", 3)).toEqual(Uint8Array.from([0, 255, 16]));
  });
  it("refuses other lengths and what is no base64", () => {
    expect(bytesOf("AP8Q", 4)).toBeUndefined();
    expect(bytesOf("??", 1)).toBeUndefined();
  });
});

describe("inkOf", () => {
  const glyph = (grey: number[], width: number, data = btoa(String.fromCharCode(...grey))) => ({
    box: [0, 0, 1, 1] as [number, number, number, number],
    text: "1",
    confidence: 1,
    candidates: [],
    normalized: { width, height: grey.length / width, data },
  });
  it("finds where the ink is", () => {
    expect(inkOf(glyph([0, 0, 0, 0, 0, 255, 90, 0, 0, 200, 3, 0], 4))?.box).toEqual([1, 1, 2, 2]);
  });
  it("finds none where there is none, or no pixels", () => {
    expect(inkOf(glyph([0, 3, 9, 0], 2))).toBeUndefined();
    expect(inkOf(glyph([0, 255], 2, "?"))).toBeUndefined();
    expect(inkOf({ box: [0, 0, 1, 1], text: "1", confidence: 1, candidates: [] })).toBeUndefined();
  });
});
