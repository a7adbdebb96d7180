import { Refusal, type Recognition } from "./api";
import { bestConfidence } from "./certainty";
import { make } from "./dom";
import { onLanguage, percent, t } from "./i18n";
import { refusalParts } from "./refusal";
import { watchImage } from "./unshown";

// The page itself brings the server's words; which code they have is told by the status it came with.
function showRefused(section: HTMLElement, result: HTMLElement): void {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const refusal = new Refusal(navigation?.responseStatus ?? 0, "", result.textContent ?? "");
  const taken = make("p", { class: "fine" });
  section.append(taken);
  const render = () => {
    result.replaceChildren(...refusalParts(refusal));
    taken.textContent = t("taken");
  };
  onLanguage(render);
  render();
}

/**
 * A reading that the server itself put into the page (/?pic=...): #reading with the picture, the
 * answer in #result and, where it was read, the whole recognition as JSON. It is readable as it
 * came; here it gets its words in the reader's language and a way to open it.
 */
export function showGiven(open: (id: string) => void): Recognition | undefined {
  const section = document.getElementById("reading");
  const result = document.getElementById("result");
  if (!section || !result) return undefined;
  section.classList.add("sheet", "given");
  let record: Recognition | undefined;
  try {
    record = JSON.parse(section.dataset.recognition ?? "") as Recognition;
  } catch {
    // An error instead of a reading: it stands there as text.
  }
  if (!record) {
    showRefused(section, result);
    return undefined;
  }
  const { id } = record;
  const known = record;
  const image = document.getElementById("picture");
  if (image instanceof HTMLImageElement) {
    watchImage(image, record);
    // It may have failed before this ran.
    if (image.complete && image.naturalWidth === 0) image.dispatchEvent(new Event("error"));
  }
  const note = make("p", { class: "note" });
  const more = make("button", { type: "button", class: "btn quiet" });
  more.addEventListener("click", () => open(id));
  section.append(make("div", { class: "given-more" }, note, more));
  const render = () => {
    if (known.rejected) result.textContent = t(known.glyphs.length === 0 ? "nothingWritten" : "notSure");
    note.textContent = known.rejected ? "" : `${t("confidence")} ${percent(bestConfidence(known))}`;
    more.textContent = t("more");
  };
  onLanguage(render);
  render();
  return record;
}
