import type { Candidate, Reading, Recognition } from "./api";

// What the page makes of a reading.

/** Below this a reading that was not rejected is still marked for a second look. */
export const kSure = 0.85;

/** The guesses, best first, over the whole reading: of its one glyph, where it has one. */
export function guesses(reading: Reading): Candidate[] {
  const glyph = reading.glyphs[0];
  return reading.glyphs.length === 1 && glyph ? glyph.candidates : [];
}

export function isEmpty(reading: Reading): boolean {
  return reading.glyphs.length === 0;
}

/** What it would be read as if something had to be said; "" when there is nothing. */
export function bestText(reading: Reading): string {
  return reading.text !== "" ? reading.text : (guesses(reading)[0]?.text ?? "");
}

export function bestConfidence(reading: Reading): number {
  return reading.text !== "" ? reading.confidence : (guesses(reading)[0]?.confidence ?? 0);
}

export function isUncertain(reading: Reading): boolean {
  return reading.rejected || reading.confidence < kSure;
}

export type Standing = "sure" | "uncertain" | "corrected" | "confirmed";

/** How a kept reading stands, its writer's word counting most. */
export function standing(recognition: Recognition): Standing {
  if (recognition.label !== null) return recognition.label === recognition.text ? "confirmed" : "corrected";
  return isUncertain(recognition) ? "uncertain" : "sure";
}

/** What it is, as far as is known: the writer's word, else the reading. */
export function meant(recognition: Recognition): string {
  return recognition.label ?? bestText(recognition);
}
