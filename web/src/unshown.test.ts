import { describe, expect, it } from "vitest";
import { fitted, formatOf, formatOfType } from "./unshown";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("formats", () => {
  it("are known by a file's first bytes", () => {
    for (const head of ["II*\0more", "MM\0*", "II+\0", "MM\0+"]) expect(formatOf(bytes(head))).toBe("TIFF");
    for (const head of ["P5\n1", "P1 #", "P6\t"]) expect(formatOf(bytes(head))).toBe("PNM");
    for (const head of ["", "P", "P9\n", "\x89PNG", "IIII"]) expect(formatOf(bytes(head)), head).toBe("?");
  });

  it("are known by what the server says", () => {
    expect(formatOfType("image/tiff")).toBe("TIFF");
    expect(formatOfType("image/x-portable-anymap")).toBe("PNM");
    expect(formatOfType("image/png; charset=binary")).toBe("PNG");
    expect(formatOfType("text/html")).toBe("?");
    expect(formatOfType("")).toBe("?");
  });
});

describe("fitted", () => {
  it("puts all boxes into the middle of the square, in proportion", () => {
    const [a, b] = fitted([[100, 50, 20, 40], [180, 50, 20, 40]], 100);
    expect(a![0]).toBeCloseTo(18);
    expect(b![0] + b![2]).toBeCloseTo(82);
    expect(a![3] / a![2]).toBeCloseTo(2);
    expect(a![1] + a![3] / 2).toBeCloseTo(50);
  });

  it("takes a box of nothing", () => {
    expect(fitted([[3, 4, 0, 0]], 100)).toEqual([[50, 50, 0, 0]]);
    expect(fitted([], 100)).toEqual([]);
  });
});
