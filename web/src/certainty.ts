import type { Glyph, Reading, Recognition } from "./api";
import { bestText } from "./text";

// What the page makes of a reading.

/** Below this a reading that was not rejected is still marked for a second look. */
export const kSure = 0.85;

export function isEmpty(reading: Reading): boolean {
  return reading.glyphs.length === 0;
}

export function bestConfidence(reading: Reading): number {
  const { glyphs, text, confidence } = reading;
  return text === "" && glyphs.length === 1 ? glyphs[0]!.confidence : confidence;
}

export function isUncertain(reading: Reading): boolean {
  return reading.rejected || reading.confidence < kSure;
}

export function isUnsure(glyph: Glyph): boolean {
  return glyph.confidence < kSure;
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
