import type { Model } from "./api";
import { byId } from "./dom";
import { t } from "./i18n";
import { load, store } from "./settings";
import type { Key, Varied } from "./words";

// What is being written: digits, letters, both, or digits with the signs of amounts and dates. It is chosen above the board and remembered.

export type Alphabet = "digits" | "letters" | "alphanumeric" | "symbols";

const kDigits = [..."0123456789"];
const kLetters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const kCharacters: Record<Alphabet, readonly string[]> = {
  digits: kDigits,
  letters: kLetters,
  alphanumeric: [...kDigits, ...kLetters],
  symbols: [...kDigits, ..."+-.,/:%#$€£¥"],
};
const kAlphabets = Object.keys(kCharacters) as Alphabet[];

/** Those that the server can read: some model knows all their characters. */
export function readable(models: readonly Pick<Model, "characters">[]): Alphabet[] {
  return kAlphabets.filter((alphabet) =>
    models.some(({ characters }) => {
      const known = new Set(characters);
      return kCharacters[alphabet].every((character) => known.has(character));
    }),
  );
}

/** The page's alphabet for a reading's: "digits" for those that the page has no words for. */
export function alphabetOf(name: string): Alphabet {
  return kAlphabets.find((alphabet) => alphabet === name) ?? "digits";
}

/** The words that differ by alphabet. */
export function varied(words: Varied, alphabet: Alphabet): Key {
  return `${words}_${alphabet}`;
}

/** The radio buttons above the board, and the words of the page that follow them. */
export class AlphabetChooser {
  #root = byId("alphabets", HTMLElement);
  #inputs = [...this.#root.querySelectorAll<HTMLInputElement>("input")];
  #readable: readonly Alphabet[] = [];
  #chosen: Alphabet = "digits";
  #listeners = new Set<() => void>();

  constructor() {
    for (const input of this.#inputs) {
      input.addEventListener("change", () => {
        store("alphabet", input.value);
        this.#take(alphabetOf(input.value));
      });
    }
    // As it was left, until the server says that it can't.
    this.#take(alphabetOf(load("alphabet") ?? ""));
  }

  get chosen(): Alphabet {
    return this.#chosen;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** What the server reads: the others are not offered, and one alone is no choice. */
  offer(models: readonly Model[]): void {
    this.#readable = readable(models);
    for (const input of this.#inputs) {
      input.closest("label")!.hidden = !this.#readable.includes(alphabetOf(input.value));
    }
    this.#root.classList.remove("unknown");
    this.#root.classList.toggle("alone", this.#readable.length < 2);
    const remembered = alphabetOf(load("alphabet") ?? "");
    this.#take(this.#readable.includes(remembered) ? remembered : (this.#readable[0] ?? "digits"));
  }

  #take(alphabet: Alphabet): void {
    for (const input of this.#inputs) input.checked = input.value === alphabet;
    for (const element of document.querySelectorAll<HTMLElement>("[data-varied]")) {
      const key = varied(element.dataset.varied as Varied, alphabet);
      element.dataset.t = key;
      element.textContent = t(key);
    }
    if (this.#chosen === alphabet) return;
    this.#chosen = alphabet;
    for (const listener of this.#listeners) listener();
  }
}
