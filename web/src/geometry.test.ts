import { describe, expect, it } from "vitest";
import { squareView, toBoard, toPixels, toWire, touches, viewOf } from "./geometry";

describe("board units", () => {
  it("come back from pixels and go there", () => {
    const view = viewOf(640, 480);
    const at = toBoard(view, 123, 45);
    const back = toPixels(view, at);
    expect(back.x).toBeCloseTo(123);
    expect(back.y).toBeCloseTo(45);
  });

  it("keep a drawing centred and whole when the board changes its size", () => {
    const corner = toBoard(viewOf(600, 600), 0, 0);
    expect(toPixels(viewOf(900, 300), corner)).toEqual({ x: 300, y: 0 });
    expect(toPixels(viewOf(300, 900), { x: 0, y: 0 })).toEqual({ x: 150, y: 450 });
  });

  it("show the whole board in a square", () => {
    const board = viewOf(560, 280);
    const square = squareView(board, 28);
    const left = toPixels(square, toBoard(board, 0, 140));
    const right = toPixels(square, toBoard(board, 560, 140));
    expect(left.x).toBeCloseTo(0);
    expect(right.x).toBeCloseTo(28);
    expect(left.y).toBeCloseTo(14);
  });

  it("survive a board without any size", () => {
    expect(Number.isFinite(toBoard(viewOf(0, 0), 5, 5).x)).toBe(true);
  });
});

describe("toWire", () => {
  it("gives pixels and milliseconds, and the pressure of pens alone", () => {
    const view = viewOf(400, 400);
    const strokes = [[{ x: 0, y: 0, t: 1.4 }], [{ x: -200, y: 10.1234, t: 20, pressure: 0.33333 }]];
    expect(toWire(strokes, view)).toEqual([[[200, 200, 1]], [[0, 210.12, 20, 0.333]]]);
  });
});

describe("touches", () => {
  const line = [
    { x: 0, y: 0, t: 0 },
    { x: 100, y: 0, t: 1 },
  ];
  it("measures to the line between points, not to the points", () => {
    expect(touches(line, 50, 5, 6)).toBe(true);
    expect(touches(line, 50, 7, 6)).toBe(false);
    expect(touches(line, 108, 0, 6)).toBe(false);
  });
  it("knows dots", () => {
    expect(touches([{ x: 3, y: 4, t: 0 }], 0, 0, 5)).toBe(true);
    expect(touches([], 0, 0, 5)).toBe(false);
  });
});
