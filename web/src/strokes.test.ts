import { describe, expect, it } from "vitest";
import { StrokeStore, type Stroke } from "./strokes";

const stroke = (x: number): Stroke => [{ x, y: 0, t: 0 }];

describe("StrokeStore", () => {
  it("undoes and redoes stroke by stroke", () => {
    const store = new StrokeStore();
    const [a, b] = [stroke(1), stroke(2)];
    store.add(a);
    store.add(b);
    expect(store.strokes).toEqual([a, b]);
    expect(store.undo()).toBe(true);
    expect(store.strokes).toEqual([a]);
    expect(store.redo()).toBe(true);
    expect(store.strokes).toEqual([a, b]);
    expect(store.canRedo).toBe(false);
    expect(store.redo()).toBe(false);
  });

  it("undoes a clear as one step", () => {
    const store = new StrokeStore();
    store.add(stroke(1));
    store.add(stroke(2));
    store.clear();
    expect(store.isEmpty).toBe(true);
    store.undo();
    expect(store.strokes).toHaveLength(2);
  });

  it("makes no step of a clear of nothing, nor of an empty stroke", () => {
    const store = new StrokeStore();
    store.clear();
    store.add([]);
    expect(store.canUndo).toBe(false);
    expect(store.undo()).toBe(false);
  });

  it("forgets what was undone once something new is written", () => {
    const store = new StrokeStore();
    store.add(stroke(1));
    store.undo();
    store.add(stroke(2));
    expect(store.canRedo).toBe(false);
    expect(store.strokes).toEqual([stroke(2)]);
  });

  it("takes several strokes away as one step, and none that are not there", () => {
    const store = new StrokeStore();
    const [a, b, c] = [stroke(1), stroke(2), stroke(3)];
    for (const each of [a, b, c]) store.add(each);
    store.remove(new Set([a, c]));
    expect(store.strokes).toEqual([b]);
    store.remove(new Set([a]));
    store.undo();
    expect(store.strokes).toEqual([a, b, c]);
  });

  it("keeps a bounded history", () => {
    const store = new StrokeStore();
    for (let i = 0; i < 700; ++i) store.add(stroke(i));
    let steps = 0;
    while (store.undo()) steps += 1;
    expect(steps).toBe(500);
    expect(store.strokes).toHaveLength(200);
  });
});
