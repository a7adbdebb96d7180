import { describe, expect, it } from "vitest";
import { bytesOf } from "./glyph";

describe("bytesOf", () => {
  it("decodes base64 of the length that was said", () => {
    expect(bytesOf("AP8Q", 3)).toEqual(Uint8Array.from([0, 255, 16]));
  });
  it("refuses other lengths and what is no base64", () => {
    expect(bytesOf("AP8Q", 4)).toBeUndefined();
    expect(bytesOf("??", 1)).toBeUndefined();
  });
});
