import { describe, expect, it } from "vitest";
import type { Glyph, Reading } from "./api";
import { bestText, corrected, labelledAs, laidOut, linesOf, wholeText } from "./text";

type Box = Glyph["box"];

function reading(text: string, glyphs: readonly (readonly [string, number, number])[]): Reading {
  return {
    alphabet: "digits",
    text,
    confidence: 0.9,
    rejected: text === "",
    glyphs: glyphs.map(([of, x, y]) => ({ box: [x, y, 20, 40] as Box, text: of, confidence: 0.9, candidates: [] })),
    model: { name: "digits", version: "0123456789ab" },
    elapsed_us: 1,
  };
}

const one = reading("7", [["7", 0, 0]]);
const number = reading("407", [["4", 0, 0], ["0", 30, 2], ["7", 60, -3]]);
const page = reading("12 3\n45", [["1", 0, 0], ["2", 25, 3], ["3", 90, 8], ["4", 2, 60], ["5", 30, 62]]);
// Its middle line was rejected.
const torn = reading("12\n89", [["1", 0, 0], ["2", 25, 0], ["5", 0, 60], ["5", 0, 120], ["8", 0, 180], ["9", 30, 180]]);
const rejected = reading("", [["4", 0, 0], ["1", 30, 0], ["2", 0, 90]]);

describe("the places of glyphs in the text", () => {
  it("step over blanks and line ends", () => {
    expect(laidOut(one).places).toEqual([0]);
    expect(laidOut(number).places).toEqual([0, 1, 2]);
    expect(laidOut(page).places).toEqual([0, 1, 3, 5, 6]);
  });

  it("leave out lines that were rejected", () => {
    expect(laidOut(torn)).toEqual({ text: "12\n89", places: [0, 1, -1, -1, 3, 4] });
    expect(wholeText(torn)).toEqual({ text: "12\n5\n5\n89", places: [0, 1, 3, 5, 7, 8] });
    expect(linesOf(torn).map((line) => line.text)).toEqual(["12", undefined, undefined, "89"]);
  });

  it("are none where the boxes don't tell the lines apart", () => {
    const muddled = reading("12\n34", [["1", 0, 0], ["2", 25, 0], ["7", 50, 0], ["3", 75, 0], ["4", 100, 0]]);
    expect(laidOut(muddled)).toEqual({ text: "12\n34", places: [-1, -1, -1, -1, -1] });
  });

  it("count what a character takes, not how many there are", () => {
    const wide = reading("𝟙a b", [["𝟙", 0, 0], ["a", 30, 0], ["b", 90, 0]]);
    expect(laidOut(wide).places).toEqual([0, 2, 4]);
    expect(corrected(wide, null, 1, "c")).toBe("𝟙c b");
  });
});

describe("bestText", () => {
  it("is the reading, or the best guesses line by line", () => {
    expect(bestText(page)).toBe("12 3\n45");
    expect(bestText(rejected)).toBe("41\n2");
    expect(bestText(reading("", []))).toBe("");
  });
});

describe("a correction", () => {
  it("of one glyph is the glyph, and choosing it again takes it back", () => {
    expect(corrected(one, null, 0, "1")).toBe("1");
    expect(corrected(one, "1", 0, "1")).toBeNull();
    expect(corrected(one, "anything", 0, "1")).toBe("1");
    expect(corrected(one, null, 0, "7")).toBe("7");
  });

  it("in one place leaves the others, those corrected before too", () => {
    expect(corrected(number, null, 2, "1")).toBe("401");
    expect(corrected(number, "401", 0, "9")).toBe("901");
    expect(corrected(page, null, 3, "9")).toBe("12 3\n95");
  });

  it("is taken back in its place, and for good with the last", () => {
    expect(corrected(number, "901", 0, "9")).toBe("401");
    expect(corrected(number, "401", 2, "1")).toBeNull();
    expect(corrected(number, "407", 2, "7")).toBeNull();
  });

  it("starts from the reading where the writer's word has another shape", () => {
    expect(labelledAs(number, "four", 1)).toBeUndefined();
    expect(corrected(number, "four", 1, "6")).toBe("467");
    expect(corrected(torn, "anything", 0, "7")).toBe("72\n89");
  });

  it("of a line that was rejected brings the line in", () => {
    expect(corrected(torn, null, 2, "3")).toBe("12\n3\n5\n89");
    expect(labelledAs(torn, "12\n3\n5\n89", 2)).toBe("3");
    expect(corrected(torn, "12\n3\n5\n89", 5, "0")).toBe("12\n3\n5\n80");
    expect(corrected(torn, "12\n3\n5\n89", 2, "3")).toBeNull();
  });

  it("of what was rejected makes a text of the best guesses", () => {
    expect(corrected(rejected, null, 0, "9")).toBe("91\n2");
    expect(corrected(rejected, "91\n2", 0, "9")).toBeNull();
  });
});
