import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draftOf, forgetDraft, loadDraft, storeDraft } from "./draft";

const kStrokes = [[{ x: -12.344, y: 3, t: 0 }, { x: 1, y: 2, t: 16.7, pressure: 0.50049 }], [{ x: 0, y: 0, t: 900 }]];

describe("the draft", () => {
  let held: Map<string, string>;
  beforeEach(() => {
    held = new Map();
    vi.stubGlobal("sessionStorage", {
      getItem: (name: string) => held.get(name) ?? null,
      setItem: (name: string, value: string) => void held.set(name, value),
      removeItem: (name: string) => void held.delete(name),
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("comes back as it was, as finely as the server is told", () => {
    storeDraft(kStrokes);
    expect(loadDraft()).toEqual([[{ x: -12.34, y: 3, t: 0 }, { x: 1, y: 2, t: 17, pressure: 0.5 }], [{ x: 0, y: 0, t: 900 }]]);
  });

  it("is forgotten", () => {
    storeDraft(kStrokes);
    forgetDraft();
    expect(held.size).toBe(0);
    expect(loadDraft()).toEqual([]);
  });

  it("that is too large leaves none, not even the one before", () => {
    storeDraft(kStrokes);
    storeDraft([Array.from({ length: 100_000 }, (_, i) => ({ x: 1234.56, y: i, t: i }))]);
    expect(held.size).toBe(0);
  });

  it("is done without where storage is full or forbidden", () => {
    const refuse = () => {
      throw new DOMException("no", "QuotaExceededError");
    };
    vi.stubGlobal("sessionStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
    storeDraft(kStrokes);
    forgetDraft();
    expect(loadDraft()).toEqual([]);
    vi.stubGlobal("sessionStorage", undefined);
    storeDraft(kStrokes);
    expect(loadDraft()).toEqual([]);
  });

  it("is none when any of it is not as it was stored", () => {
    for (const text of ["", "{", "null", "{}", "[1]", "[[]]", "[[[1,2]]]", "[[[1,2,3,4]]]", "[[[1,2,-3]]]", '[[[1,"2",3]]]', "[[[1e9,2,3]]]", "[[[1,2,3]],0]"]) {
      expect(draftOf(text), text).toEqual([]);
    }
    expect(draftOf(JSON.stringify(Array(2001).fill([[1, 2, 3]])))).toEqual([]);
    expect(draftOf(JSON.stringify([Array(20_001).fill([1, 2, 3])]))).toEqual([]);
    expect(draftOf("[[[1,2,3]]]")).toEqual([[{ x: 1, y: 2, t: 3 }]]);
  });
});
