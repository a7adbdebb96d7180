import type { Recognition } from "./api";

/** A kept recognition, for tests. */
export function recognition(id: string, more: Partial<Recognition> = {}): Recognition {
  return {
    id,
    created_at: "2026-11-23T20:46:00.000000Z",
    name: "",
    label: null,
    picture: `/api/v1/recognitions/${id}/picture`,
    alphabet: "digits",
    text: "7",
    confidence: 0.99,
    rejected: false,
    glyphs: [],
    model: { name: "digits", version: "0123456789ab" },
    elapsed_us: 1,
    ...more,
  };
}
