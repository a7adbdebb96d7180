import { alphabetOf, varied } from "./alphabet";
import type { Reading, Recognition } from "./api";
import { isEmpty, isUncertain, isUnsure } from "./certainty";
import { make } from "./dom";
import { t } from "./i18n";
import { bigText, guessList, seenFigure } from "./reading";
import { glyphStrip } from "./strip";
import { bestText, corrected, oneLine } from "./text";

// A reading with all that can be done about it, wherever one is shown: its text, its glyphs, the
// guesses for the one that is looked at.

export interface AnswerChoices {
  /** What is written is said to be this; null takes the correction back. */
  label(text: string | null): void;
  /** None of the guesses is it. */
  other(): void;
}

/** The glyph that needs the eye most, if one does. */
function mostDoubtful(reading: Reading): number | undefined {
  const least = Math.min(...reading.glyphs.map((glyph) => glyph.confidence));
  const at = reading.glyphs.findIndex((glyph) => glyph.confidence === least);
  return at >= 0 && isUnsure(reading.glyphs[at]!) ? at : undefined;
}

function sameGlyphs(a: Reading, b: Reading): boolean {
  const look = (reading: Reading) => JSON.stringify(reading.glyphs.map(({ box, text }) => [box, text]));
  return look(a) === look(b);
}

export class Answer {
  readonly root: HTMLElement;
  #choices: AnswerChoices;
  #reading: Reading | undefined;
  #label: string | null = null;
  #picture: HTMLElement | undefined;
  /** Of several glyphs, the one whose guesses are shown. */
  #glyph: number | undefined;

  constructor(root: HTMLElement, choices: AnswerChoices) {
    this.root = root;
    this.#choices = choices;
  }

  /** `picture` stands before the text. */
  show(reading: Reading, label: string | null, picture?: HTMLElement): void {
    if (!this.#reading || !sameGlyphs(this.#reading, reading)) this.#glyph = mostDoubtful(reading);
    this.#reading = reading;
    this.#label = label;
    this.#picture = picture;
    this.keepFocus(() => this.#render(reading));
  }

  clear(): void {
    this.#reading = undefined;
  }

  /** Does what draws the answer anew; the button that had the focus has it after. */
  keepFocus(act: () => void): void {
    const buttons = () => [...this.root.querySelectorAll<HTMLElement>("button")];
    const at = buttons().indexOf(document.activeElement as HTMLElement);
    act();
    if (at >= 0) buttons()[at]?.focus();
  }

  #render(reading: Reading): void {
    const label = this.#label;
    const several = reading.glyphs.length > 1;
    const rejected = label === null && reading.rejected;
    const state = rejected ? "rejected" : label === null && isUncertain(reading) ? "uncertain" : "sure";
    this.root.className = `answer ${state}${several ? " several" : ""}`;
    const id = this.root.id === "" ? "" : `${this.root.id}-text`;
    const head = make("div", { class: "answer-head" }, bigText(reading, label, id));
    if (this.#picture) head.prepend(this.#picture);
    const seen = seenFigure(reading);
    if (seen) head.append(seen);
    const parts: HTMLElement[] = [head];
    if (rejected && !isEmpty(reading)) parts.push(make("p", { class: "why" }, this.#why(reading)));
    if (several) parts.push(glyphStrip(reading, label, this.#glyph, (glyph) => this.#look(glyph)));
    if (!isEmpty(reading)) {
      const glyph = several ? this.#glyph : 0;
      parts.push(
        guessList(reading, label, glyph, {
          choose: (text) => this.#choices.label(corrected(reading, this.#label, glyph ?? 0, text)),
          other: () => this.#choices.other(),
        }),
      );
    }
    this.root.replaceChildren(...parts);
  }

  #why(reading: Reading): string {
    if (reading.glyphs.length > 1) return t("notSureSeveral", { text: oneLine(bestText(reading)) });
    return t(varied("notSureMore", alphabetOf(reading.alphabet)));
  }

  // Looking at the same one again closes it.
  #look(glyph: number): void {
    if (!this.#reading) return;
    this.#glyph = this.#glyph === glyph ? undefined : glyph;
    this.show(this.#reading, this.#label, this.#picture);
  }
}

/** The part of the page that shows what the board's drawing is read as. */
export class ReadingView {
  #root: HTMLElement;
  #answer: Answer;
  #reading: Reading | undefined;
  #kept: Recognition | undefined;
  #trouble: (() => (Node | string)[]) | undefined;

  constructor(root: HTMLElement, choices: AnswerChoices) {
    this.#root = root;
    this.#answer = new Answer(root, choices);
    this.clear();
  }

  clear(): void {
    this.#trouble = undefined;
    this.#reading = undefined;
    this.#kept = undefined;
    this.#answer.clear();
    this.render();
  }

  /** There is a drawing that is not read; `why` says so in the reader's language. */
  unread(why: () => (Node | string)[]): void {
    this.clear();
    this.#trouble = why;
    this.render();
  }

  /** What is shown is out of date; it stays, dimmed, until there is something better. */
  wait(waiting: boolean): void {
    this.#root.classList.toggle("waiting", waiting);
    this.#root.setAttribute("aria-busy", String(waiting));
  }

  show(reading: Reading, kept?: Recognition): void {
    this.#trouble = undefined;
    this.#reading = reading;
    this.#kept = kept;
    this.render();
  }

  render(): void {
    this.wait(false);
    if (this.#reading) {
      this.#answer.show(this.#reading, this.#kept?.label ?? null);
      return;
    }
    this.#root.className = "answer none";
    const lines = this.#trouble ? [this.#trouble()] : [[t("readingEmpty")], [t("readHereWhy")]];
    this.#root.replaceChildren(...lines.map((line) => make("p", { class: "none-yet" }, ...line)));
  }
}
