import { load, store } from "./settings";
import { en, zh, type Key } from "./words";

export type Language = "en" | "zh";

const kWords: Record<Language, Record<Key, string>> = { en, zh };

let current: Language = "en";
const listeners = new Set<() => void>();

/** The language of the first of a reader's languages that the page speaks; English otherwise. */
export function preferred(languages: readonly string[]): Language {
  for (const tag of languages) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "zh") return "zh";
    if (primary === "en") return "en";
  }
  return "en";
}

export function language(): Language {
  return current;
}

/** The words for a key, with {name} replaced by `values.name`. */
export function t(key: Key, values: Record<string, string> = {}): string {
  return kWords[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** `listener` runs after each change of language. */
export function onLanguage(listener: () => void): void {
  listeners.add(listener);
}

/** Writes the words into all elements of `root` that name theirs in data-t and data-t-ATTRIBUTE. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-t]")) {
    element.textContent = t(element.dataset.t as Key);
  }
  for (const attribute of ["aria-label", "title", "placeholder", "alt"]) {
    for (const element of root.querySelectorAll(`[data-t-${attribute}]`)) {
      element.setAttribute(attribute, t(element.getAttribute(`data-t-${attribute}`) as Key));
    }
  }
}

export function setLanguage(next: Language, remember: boolean): void {
  current = next;
  if (remember) store("language", next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  translate(document);
  for (const listener of listeners) listener();
}

export function startLanguage(): void {
  const remembered = load("language");
  const chosen = remembered === "en" || remembered === "zh" ? remembered : preferred(navigator.languages);
  setLanguage(chosen, false);
}

/** "99.2%": one decimal, but never a rounded-up 100, nor a nothing that is something. */
export function percent(confidence: number): string {
  if (confidence > 0 && confidence < 0.001) return "<0.1%";
  const tenths = Math.floor(confidence * 1000 + 1e-6) / 10;
  return `${tenths.toFixed(tenths === 100 ? 0 : 1)}%`;
}

/** "99%": for where there is little room. */
export function shortPercent(confidence: number): string {
  return `${Math.floor(confidence * 100 + 1e-6)}%`;
}

/** A moment as the reader's language writes it. */
export function moment(rfc3339: string): string {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return rfc3339;
  return new Intl.DateTimeFormat(current === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(date);
}
