import type { Reading } from "./api";
import { bestConfidence, isEmpty, isUncertain, isUnsure } from "./certainty";
import { make, roveFocus } from "./dom";
import { drawGlyph } from "./glyph";
import { percent, t } from "./i18n";
import { bestText, labelledAs, laidOut, oneLine } from "./text";

// The parts of which a reading is shown: the text large, the guesses with their bars, and what the
// network saw of one glyph. strip.ts has several.

const kGuesses = 4;

/** One line that says a reading, for ears and for titles. */
export function sayReading(reading: Reading): string {
  if (isEmpty(reading)) return t("answerEmpty");
  const values = { text: oneLine(bestText(reading)), confidence: percent(bestConfidence(reading)) };
  return t(reading.rejected ? "answerNotSure" : "answer", values);
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** The width of the widest line of a text set large, in its own font's size. */
function widthInEms(lines: readonly string[]): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return Math.max(...lines.map((line) => line.length));
  ruler.font = `600 100px Fraunces, Georgia, "Songti SC", "Noto Serif CJK SC", serif`;
  return Math.max(0.5, ...lines.map((line) => ruler!.measureText(line).width / 100));
}

/** The text in parts, with the characters marked that the network is not sure of. */
function textParts(reading: Reading): (Node | string)[] {
  const { text, places } = laidOut(reading);
  const parts: (Node | string)[] = [];
  let end = 0;
  reading.glyphs.forEach((glyph, i) => {
    const at = places[i]!;
    if (at < 0 || !isUnsure(glyph)) return;
    const next = at + glyph.text.length;
    parts.push(text.slice(end, at), make("span", { class: "unsure" }, text.slice(at, next)));
    end = next;
  });
  // Sure of each, yet not of all together.
  if (end === 0 && isUncertain(reading)) return [make("span", { class: "unsure" }, text)];
  return [...parts, text.slice(end)];
}

/**
 * The reading itself, as large as its place and its length allow. What is said aloud is said by the
 * live region.
 */
export function bigText(reading: Reading, label: string | null, id: string): HTMLElement {
  const place = (big: HTMLElement) => make("div", { class: "big-place" }, big);
  const named: Record<string, string> = id === "" ? {} : { id };
  if (label === null && (reading.rejected || reading.text === "")) {
    return place(make("p", { class: "big words", ...named }, t(isEmpty(reading) ? "nothingWritten" : "notSure")));
  }
  const big = make("p", { class: "big", ...named }, ...(label !== null ? [label] : textParts(reading)));
  const lines = (label ?? reading.text).split("\n");
  big.style.setProperty("--ems", widthInEms(lines).toFixed(2));
  big.style.setProperty("--lines", String(lines.length));
  return place(big);
}

function guessButton(text: string, confidence: number, chosen: boolean): HTMLButtonElement {
  const fill = make("span", { class: "fill" });
  const part = Math.max(0.02, Math.min(1, confidence));
  fill.style.transform = `translateX(${(part - 1) * 100}%)`;
  const button = make(
    "button",
    {
      type: "button",
      class: "guess",
      "aria-pressed": String(chosen),
      "aria-label": t("candidate", { text, confidence: percent(confidence) }),
    },
    make("span", { class: "guess-text" }, text),
    make("span", { class: "bar" }, fill),
    make("span", { class: "guess-confidence" }, percent(confidence)),
  );
  button.dataset.text = text;
  return button;
}

export interface GuessChoices {
  /** A guess was chosen as what was meant. */
  choose(text: string): void;
  /** None of the guesses is. */
  other(): void;
}

/** The guesses for one glyph, if one is looked at, as buttons among which the arrow keys move. */
export function guessList(reading: Reading, label: string | null, glyph: number | undefined, choices: GuessChoices): HTMLElement {
  const several = reading.glyphs.length > 1;
  const name = several && glyph !== undefined ? t("candidatesOf", { n: String(glyph + 1) }) : t("candidates");
  const group = make("div", { class: "guesses", role: "group", "aria-label": name });
  if (glyph !== undefined) {
    const said = labelledAs(reading, label, glyph);
    for (const guess of reading.glyphs[glyph]!.candidates.slice(0, kGuesses)) {
      group.append(guessButton(guess.text, guess.confidence, guess.text === said));
    }
  }
  const ask = t(several && glyph === undefined ? "chooseGlyph" : "choose");
  const lead = label !== null ? t("chosen", { text: oneLine(label) }) : ask;
  const other = make("button", { type: "button", class: "guess-other" }, t("other"));
  const took = t("micros", { n: String(reading.elapsed_us) });
  group.append(
    make("p", { class: "note" }, make("span", {}, lead, " ", other), make("span", { class: "by" }, `${reading.model.name} · ${took}`)),
  );
  group.querySelectorAll("button").forEach((button, i) => (button.tabIndex = i === 0 ? 0 : -1));
  group.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const text = button.dataset.text;
    if (text === undefined) choices.other();
    else choices.choose(text);
  });
  roveFocus(group, "button");
  return group;
}

/** The normalised glyph in a dark well; undefined where a reading brings none, or several. */
export function seenFigure(reading: Reading): HTMLElement | undefined {
  const [glyph, another] = reading.glyphs;
  const canvas = make("canvas", { width: "28", height: "28", role: "img", "aria-label": t("sees") });
  if (!glyph || another || !drawGlyph(canvas, glyph)) return undefined;
  return make(
    "figure",
    { class: "sees", title: t("seesHint") },
    make("div", { class: "well" }, canvas),
    make("figcaption", {}, t("sees")),
  );
}
