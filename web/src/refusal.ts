import type { Refusal } from "./api";
import { make } from "./dom";
import { language, t } from "./i18n";
import { en, type Key } from "./words";

// What the server refuses, in the reader's language. The server speaks English, so in other languages
// its code is what is translated, and its own words stand below where they tell more.

// Where no code came: a proxy's page, or the status of the page itself.
const kCodes: Record<number, string> = {
  400: "invalid_argument",
  401: "unauthorized",
  404: "not_found",
  408: "too_slow",
  413: "too_large",
  414: "uri_too_long",
  415: "unsupported_image",
  422: "corrupt_image",
  429: "too_many_requests",
  431: "headers_too_large",
  500: "internal",
  503: "busy",
  507: "disk_full",
};

function keyOf({ code, status }: Refusal): Key {
  const key = `refusal_${code || kCodes[status]}`;
  return Object.hasOwn(en, key) ? (key as Key) : "refusal_unknown";
}

/** One sentence: the server's own in English, otherwise what its code means. */
export function refusalWords(refusal: Refusal): string {
  return language() === "en" && refusal.detail !== "" ? refusal.detail : t(keyOf(refusal));
}

/**
 * What the sentence leaves out of the server's own words: numbers and limits, and all of them where
 * the page has no sentence for the code. Empty when there is nothing of the kind.
 */
export function particulars(refusal: Refusal): string {
  if (language() === "en") return "";
  return /\d/.test(refusal.detail) || keyOf(refusal) === "refusal_unknown" ? refusal.detail : "";
}

/** Both, to stand in one paragraph. */
export function refusalParts(refusal: Refusal): HTMLElement[] {
  const more = particulars(refusal);
  const said = make("span", {}, refusalWords(refusal));
  return more === "" ? [said] : [said, make("span", { class: "particulars", lang: "en" }, more)];
}
