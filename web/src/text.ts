import type { Glyph, Reading } from "./api";

// Where each glyph of a reading stands in its text, and what a correction in one place makes of it.
// The text has blanks between words and leaves out lines that were rejected; their glyphs are there.

/** A text and, for each glyph of the reading, where it starts in it; -1 where it isn't in it. */
export interface Laid {
  readonly text: string;
  readonly places: readonly number[];
}

// The next line begins where the writing goes back, or stands below what was before.
function beginsLine(before: Glyph, glyph: Glyph): boolean {
  const [x, y, w] = glyph.box;
  const [beforeX, beforeY, beforeW, beforeH] = before.box;
  return x + w / 2 < beforeX + beforeW / 2 || y > beforeY + beforeH;
}

function linesByBoxes(reading: Reading): number[][] {
  const lines: number[][] = [];
  reading.glyphs.forEach((glyph, i) => {
    const before = reading.glyphs[i - 1];
    if (!before || beginsLine(before, glyph)) lines.push([i]);
    else lines[lines.length - 1]!.push(i);
  });
  return lines;
}

const bare = (text: string) => text.replace(/\s/g, "");

export interface Line {
  readonly glyphs: readonly number[];
  /** As which it was read; undefined: it was rejected. */
  readonly text: string | undefined;
}

/** The lines of the writing, by the numbers of their glyphs. */
export function linesOf(reading: Reading): Line[] {
  const texts = reading.text === "" ? [] : reading.text.split("\n");
  const joined = (glyphs: readonly number[]) => glyphs.map((i) => reading.glyphs[i]!.text).join("");
  const all = reading.glyphs.map((_, i) => i);
  if (joined(all) === bare(reading.text)) {
    let next = 0;
    return texts.map((text) => {
      const glyphs: number[] = [];
      for (let left = bare(text).length; left > 0; left -= reading.glyphs[next++]!.text.length) glyphs.push(next);
      return { glyphs, text };
    });
  }
  return linesByBoxes(reading).map((glyphs) => {
    const found = texts[0] !== undefined && bare(texts[0]) === joined(glyphs);
    return { glyphs, text: found ? texts.shift() : undefined };
  });
}

function lay(reading: Reading, withRejected: boolean): Laid {
  const places = reading.glyphs.map(() => -1);
  let text = "";
  for (const line of linesOf(reading)) {
    if (line.text === undefined && !withRejected) continue;
    if (text !== "") text += "\n";
    let at = text.length;
    text += line.text ?? line.glyphs.map((i) => reading.glyphs[i]!.text).join("");
    for (const i of line.glyphs) {
      while (/\s/.test(text[at] ?? "")) at += 1;
      places[i] = at;
      at += reading.glyphs[i]!.text.length;
    }
  }
  return { text, places };
}

/** The reading's text as it stands. */
export function laidOut(reading: Reading): Laid {
  const laid = lay(reading, false);
  // Lines that the boxes don't tell apart: no place in the text is sure.
  return laid.text === reading.text ? laid : { text: reading.text, places: laid.places.map(() => -1) };
}

/** With the lines that were rejected too, by their best guesses. */
export function wholeText(reading: Reading): Laid {
  return lay(reading, true);
}

// Whether a text could be `laid` with other characters in the glyphs' places.
function fits(text: string, laid: Laid): boolean {
  const shape = (of: string) => of.replace(/\S/g, "x");
  return shape(text) === shape(laid.text);
}

function replaced(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length);
}

/** What the writer's word for the whole says of one glyph; undefined where it says nothing. */
export function labelledAs(reading: Reading, label: string | null, glyph: number): string | undefined {
  if (label === null) return undefined;
  if (reading.glyphs.length === 1) return label;
  const { length } = reading.glyphs[glyph]!.text;
  for (const laid of [laidOut(reading), wholeText(reading)]) {
    const at = laid.places[glyph]!;
    if (fits(label, laid) && at >= 0) return label.slice(at, at + length);
  }
  return undefined;
}

/**
 * The whole text after a guess was chosen for one glyph; null: as it was read, the correction taken
 * back. Choosing again what was chosen takes that one back; corrections in other places stay.
 */
export function corrected(reading: Reading, label: string | null, glyph: number, guess: string): string | null {
  const again = labelledAs(reading, label, glyph) === guess;
  if (reading.glyphs.length === 1) return again ? null : guess;
  const read = laidOut(reading);
  const { text } = reading.glyphs[glyph]!;
  const whole = wholeText(reading);
  const inWhole = label !== null && fits(label, whole) && !fits(label, read);
  const laid = read.places[glyph]! >= 0 && !inWhole ? read : whole;
  const before = label !== null && fits(label, laid) ? label : laid.text;
  const after = replaced(before, laid.places[glyph]!, text.length, again ? text : guess);
  return again && after === laid.text ? null : after;
}

/** As it would be read if something had to be said: "" when there is nothing. */
export function bestText(reading: Reading): string {
  return reading.text !== "" ? reading.text : wholeText(reading).text;
}

/** For where there is one line only: in titles, on cards, for ears. */
export function oneLine(text: string): string {
  return text.replaceAll("\n", " · ");
}
