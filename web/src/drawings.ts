import type { Recognition } from "./api";
import type { Stroke } from "./strokes";

type Drawing = readonly Stroke[];

interface Entry {
  readonly drawing: Drawing;
  readonly alphabet: string;
  record: Recognition;
}

// As far back as undo is likely to go.
const kMost = 100;

/**
 * Which drawings were kept as what, for undo and redo bring them back. A state of the StrokeStore is
 * the same array whenever it comes back, so drawings are compared by identity. What was read in
 * another alphabet is another recognition.
 */
export class KeptDrawings {
  #entries: Entry[] = [];

  put(drawing: Drawing, alphabet: string, record: Recognition): void {
    this.#entries.push({ drawing, alphabet, record });
    if (this.#entries.length > kMost) this.#entries.shift();
  }

  find(drawing: Drawing, alphabet: string): Recognition | undefined {
    return this.#entries.find((entry) => entry.drawing === drawing && entry.alphabet === alphabet)?.record;
  }

  /** A kept recognition was changed; undefined: it is deleted, and its drawing may be kept anew. */
  changed(id: string, record: Recognition | undefined): void {
    if (!record) this.#entries = this.#entries.filter((entry) => entry.record.id !== id);
    for (const entry of this.#entries) {
      if (record && entry.record.id === id) entry.record = { ...record, glyphs: entry.record.glyphs };
    }
  }
}
