import type { Reading, Recognition } from "./api";
import { bestConfidence, bestText, guesses, isEmpty, isUncertain } from "./certainty";
import { make, roveFocus } from "./dom";
import { drawGlyph } from "./glyph";
import { percent, t } from "./i18n";

// How a reading is shown: the text large, the guesses with their bars, and what the network saw.

const kGuesses = 4;

export interface ReadingChoices {
  /** A guess was chosen as what was meant. */
  choose(text: string): void;
  /** None of the guesses is. */
  other(): void;
}

/** One line that says a reading, for ears and for titles. */
export function sayReading(reading: Reading): string {
  if (isEmpty(reading)) return t("answerEmpty");
  const values = { text: bestText(reading), confidence: percent(bestConfidence(reading)) };
  return t(reading.rejected ? "answerNotSure" : "answer", values);
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

/** The guesses of a reading as buttons among which the arrow keys move. */
export function guessList(reading: Reading, label: string | null, choices: ReadingChoices): HTMLElement {
  const group = make("div", { class: "guesses", role: "group", "aria-label": t("candidates") });
  for (const guess of guesses(reading).slice(0, kGuesses)) {
    group.append(guessButton(guess.text, guess.confidence, guess.text === label));
  }
  const took = t("micros", { n: String(reading.elapsed_us) });
  group.append(
    make(
      "p",
      { class: "note" },
      make("span", {}, label !== null ? t("chosen", { text: label }) : t("choose"), " ", make("button", { type: "button", class: "guess-other" }, t("other"))),
      make("span", { class: "by" }, `${reading.model.name} · ${took}`),
    ),
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

/** The normalised glyph in a dark well; undefined where a reading brings none. */
export function seenFigure(reading: Reading): HTMLElement | undefined {
  const canvas = make("canvas", { width: "28", height: "28", role: "img", "aria-label": t("sees") });
  if (!drawGlyph(canvas, reading)) return undefined;
  return make(
    "figure",
    { class: "sees", title: t("seesHint") },
    make("div", { class: "well" }, canvas),
    make("figcaption", {}, t("sees")),
  );
}

/** The reading itself, as large as its place allows. What is said aloud is said by the live region. */
export function bigText(reading: Reading, label: string | null): HTMLElement {
  if (label !== null) return make("p", { class: "big", id: "answer-text" }, label);
  if (reading.rejected || reading.text === "") {
    const words = isEmpty(reading) ? t("nothingWritten") : t("notSure");
    return make("p", { class: "big words", id: "answer-text" }, words);
  }
  return make("p", { class: "big", id: "answer-text" }, reading.text);
}

/** The part of the page that shows what the board's drawing is read as. */
export class ReadingView {
  #root: HTMLElement;
  #choices: ReadingChoices;
  #reading: Reading | undefined;
  #kept: Recognition | undefined;
  #trouble: (() => string) | undefined;

  constructor(root: HTMLElement, choices: ReadingChoices) {
    this.#root = root;
    this.#choices = choices;
    this.clear();
  }

  clear(): void {
    this.#trouble = undefined;
    this.#reading = undefined;
    this.#kept = undefined;
    this.#render();
  }

  /** There is a drawing that is not read; `why` says so in the reader's language. */
  unread(why: () => string): void {
    this.clear();
    this.#trouble = why;
    this.#render();
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
    this.#render();
  }

  render(): void {
    this.#render();
  }

  #render(): void {
    this.wait(false);
    const reading = this.#reading;
    if (!reading) {
      this.#root.className = "answer none";
      const lines = this.#trouble ? [this.#trouble()] : [t("readingEmpty"), t("readHereWhy")];
      this.#root.replaceChildren(...lines.map((line) => make("p", { class: "none-yet" }, line)));
      return;
    }
    const focused = this.#focusedGuess();
    const label = this.#kept?.label ?? null;
    const known = label !== null;
    const state = !known && reading.rejected ? "rejected" : !known && isUncertain(reading) ? "uncertain" : "sure";
    this.#root.className = `answer ${state}${this.#kept ? " is-kept" : ""}`;
    const head = make("div", { class: "answer-head" }, bigText(reading, label));
    const seen = seenFigure(reading);
    if (seen) head.append(seen);
    const parts: HTMLElement[] = [head];
    if (state === "rejected" && !isEmpty(reading)) parts.push(make("p", { class: "why" }, t("notSureMore")));
    if (guesses(reading).length > 0) parts.push(guessList(reading, label, this.#choices));
    this.#root.replaceChildren(...parts);
    if (focused !== undefined) this.#root.querySelectorAll<HTMLElement>(".guesses button")[focused]?.focus();
  }

  #focusedGuess(): number | undefined {
    const at = [...this.#root.querySelectorAll(".guesses button")].indexOf(document.activeElement as Element);
    return at < 0 ? undefined : at;
  }
}
