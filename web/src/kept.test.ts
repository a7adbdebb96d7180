import { describe, expect, it, vi } from "vitest";
import { meant, standing } from "./certainty";
import { Kept } from "./kept";
import { recognition } from "./testing";

const ids = (kept: Kept) => kept.records.map((record) => record.id);

describe("Kept", () => {
  it("has the newest first, each once, whatever order they come in", () => {
    const kept = new Kept();
    kept.put(recognition("b"), recognition("d"));
    kept.put(recognition("c"), recognition("d", { label: "1" }));
    expect(ids(kept)).toEqual(["d", "c", "b"]);
    expect(kept.find("d")?.label).toBe("1");
  });

  it("drops on refresh what is gone from the newest page, and keeps older ones that were loaded", () => {
    const kept = new Kept();
    kept.refresh([recognition("d"), recognition("c")], "c");
    kept.put(recognition("b"), recognition("a"));
    kept.next = null;
    kept.refresh([recognition("e"), recognition("c")], "c");
    expect(ids(kept)).toEqual(["e", "c", "b", "a"]);
    expect(kept.next).toBeNull();
  });

  it("is empty again when the server has none", () => {
    const kept = new Kept();
    kept.put(recognition("a"));
    kept.refresh([], null);
    expect(ids(kept)).toEqual([]);
    expect(kept.loaded).toBe(true);
  });

  it("tells of each change", () => {
    const kept = new Kept();
    const heard = vi.fn();
    kept.onChange(heard);
    kept.put(recognition("a"));
    kept.remove("a");
    expect(heard).toHaveBeenCalledTimes(2);
  });
});

describe("standing", () => {
  it("counts the writer's word most", () => {
    expect(standing(recognition("a"))).toBe("sure");
    expect(standing(recognition("a", { confidence: 0.5 }))).toBe("uncertain");
    expect(standing(recognition("a", { rejected: true, text: "" }))).toBe("uncertain");
    expect(standing(recognition("a", { confidence: 0.5, label: "7" }))).toBe("confirmed");
    expect(standing(recognition("a", { label: "1" }))).toBe("corrected");
  });

  it("falls back on the best guess for what it could be", () => {
    const glyph = { box: [0, 0, 1, 1] as [number, number, number, number], text: "3", confidence: 0.3, candidates: [{ text: "3", confidence: 0.3 }] };
    expect(meant(recognition("a", { text: "", rejected: true, glyphs: [glyph] }))).toBe("3");
    expect(meant(recognition("a", { label: "9" }))).toBe("9");
  });
});
