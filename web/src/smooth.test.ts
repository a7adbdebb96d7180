import { describe, expect, it } from "vitest";
import { inkWidth, smooth } from "./smooth";

const at = (x: number, y: number, pressure?: number) => (pressure === undefined ? { x, y, t: 0 } : { x, y, t: 0, pressure });

describe("smooth", () => {
  it("starts and ends where the pen did", () => {
    const dabs = smooth([at(0, 0), at(10, 0), at(10, 10), at(0, 10)], 8, 1);
    expect(dabs[0]).toMatchObject({ x: 0, y: 0 });
    expect(dabs[dabs.length - 1]).toMatchObject({ x: 0, y: 10 });
  });

  it("leaves no gap wider than its step", () => {
    const dabs = smooth([at(0, 0), at(30, 5), at(12, 40), at(60, 44)], 8, 2);
    for (let i = 1; i < dabs.length; ++i) {
      expect(Math.hypot(dabs[i]!.x - dabs[i - 1]!.x, dabs[i]!.y - dabs[i - 1]!.y)).toBeLessThan(4.01);
    }
  });

  it("turns without a corner", () => {
    const dabs = smooth([at(0, 0), at(20, 0), at(20, 20)], 8, 1);
    let sharpest = 0;
    for (let i = 2; i < dabs.length; ++i) {
      const [a, b, c] = [dabs[i - 2]!, dabs[i - 1]!, dabs[i]!];
      const turn = Math.atan2(c.y - b.y, c.x - b.x) - Math.atan2(b.y - a.y, b.x - a.x);
      sharpest = Math.max(sharpest, Math.abs(turn));
    }
    expect(sharpest).toBeLessThan(0.35);
  });

  it("is a single dab for a dot, and nothing for nothing", () => {
    expect(smooth([at(3, 4)], 8, 1)).toEqual([{ x: 3, y: 4, width: 8 }]);
    expect(smooth([], 8, 1)).toEqual([]);
  });

  it("bounds its work on a stroke across a huge distance", () => {
    expect(smooth([at(0, 0), at(1e6, 1e6)], 8, 0.5).length).toBeLessThan(70);
  });

  it("eases a jump in pressure", () => {
    const dabs = smooth([at(0, 0, 0.1), at(10, 0, 1), at(20, 0, 1), at(30, 0, 1)], 10, 1);
    for (let i = 1; i < dabs.length; ++i) expect(Math.abs(dabs[i]!.width - dabs[i - 1]!.width)).toBeLessThan(1.2);
    expect(dabs[dabs.length - 1]!.width).toBeGreaterThan(dabs[0]!.width + 5);
  });
});

describe("inkWidth", () => {
  it("is the brush's where there is no pressure, and grows with it where there is", () => {
    expect(inkWidth(20, undefined)).toBe(20);
    expect(inkWidth(20, 0)).toBeGreaterThan(0);
    expect(inkWidth(20, 1)).toBeGreaterThan(inkWidth(20, 0.5));
    expect(inkWidth(20, 7)).toBe(inkWidth(20, 1));
  });
});
