import { describe, expect, it } from "vitest";
import { KeptDrawings } from "./drawings";
import { StrokeStore } from "./strokes";
import { recognition } from "./testing";

const dot = (x: number) => [{ x, y: 0, t: 0 }];

describe("KeptDrawings", () => {
  it("knows a drawing again that undo and redo bring back, and no other", () => {
    const store = new StrokeStore();
    const drawings = new KeptDrawings();
    store.add(dot(1));
    store.add(dot(2));
    drawings.put(store.strokes, "digits", recognition("a"));
    store.undo();
    expect(drawings.find(store.strokes, "digits")).toBeUndefined();
    store.redo();
    expect(drawings.find(store.strokes, "digits")?.id).toBe("a");
    store.clear();
    store.undo();
    expect(drawings.find(store.strokes, "digits")?.id).toBe("a");
    expect(drawings.find(store.strokes, "letters")).toBeUndefined();
    store.undo();
    store.add(dot(2));
    expect(drawings.find(store.strokes, "digits")).toBeUndefined();
  });

  it("follows corrections, and forgets what is deleted", () => {
    const drawings = new KeptDrawings();
    const drawing = [dot(1)];
    const pixels = [{ box: [0, 0, 1, 1] as [number, number, number, number], text: "7", confidence: 1, candidates: [] }];
    drawings.put(drawing, "digits", recognition("a", { glyphs: pixels }));
    drawings.changed("b", recognition("b", { label: "2" }));
    drawings.changed("a", recognition("a", { label: "1" }));
    expect(drawings.find(drawing, "digits")).toMatchObject({ label: "1", glyphs: pixels });
    drawings.changed("a", undefined);
    expect(drawings.find(drawing, "digits")).toBeUndefined();
  });

  it("goes back only so far", () => {
    const drawings = new KeptDrawings();
    const all = Array.from({ length: 150 }, (_, i) => [dot(i)]);
    all.forEach((drawing, i) => drawings.put(drawing, "digits", recognition(`${i}`)));
    expect(drawings.find(all[0]!, "digits")).toBeUndefined();
    expect(drawings.find(all[149]!, "digits")?.id).toBe("149");
  });
});
