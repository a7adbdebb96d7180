import type { Recognition } from "./api";
import { bestConfidence, meant, standing } from "./certainty";
import { make } from "./dom";
import { shortPercent, t } from "./i18n";
import { bestText, oneLine } from "./text";
import { watchImage } from "./unshown";

const kDrawnSide = 280;
/** So much text stands beside a verdict of so much; more stands above it. */
const kShort = 4;
const kShortVerdict = 4;

/** The picture of what was kept. A drawing from the board takes the page's colours, a picture its own. */
export function keptPicture(record: Recognition): HTMLElement {
  const alt = record.name !== "" ? t("picture", { name: record.name }) : t("pictureOf", { text: oneLine(bestText(record)) });
  const image = make("img", { class: "kept-picture", alt, loading: "lazy", decoding: "async" });
  image.addEventListener("load", () => {
    const drawn = record.name === "" && image.naturalWidth === kDrawnSide && image.naturalHeight === kDrawnSide;
    image.classList.toggle("drawn", drawn);
  });
  const shown = watchImage(image, record);
  if (shown === image) image.src = record.picture;
  return shown;
}

/** How sure it was, or what its writer said of it. */
function verdict(record: Recognition): string {
  const stands = standing(record);
  if (stands === "corrected" || stands === "confirmed") return t(stands);
  if (record.rejected) return t("uncertain");
  return shortPercent(bestConfidence(record));
}

/** A kept recognition as a card that opens it. */
export function card(record: Recognition, open: (id: string) => void): HTMLLIElement {
  const text = oneLine(meant(record)) || "–";
  const said = verdict(record);
  const isLong = text.length > (said.length > kShortVerdict ? 1 : kShort);
  const button = make(
    "button",
    { type: "button", class: `card ${standing(record)}` },
    keptPicture(record),
    make(
      "span",
      { class: `card-foot${isLong ? " long" : ""}` },
      make("span", { class: "card-text", title: text }, text),
      make("span", { class: "card-verdict" }, said),
    ),
  );
  button.addEventListener("click", () => open(record.id));
  const item = make("li", {}, button);
  item.dataset.id = record.id;
  return item;
}

/**
 * Makes a list show `records`: cards that stay stay as they are, so that nothing flickers or loses
 * its focus. `key` tells cards that must be drawn anew from those that need not.
 */
export function showCards(
  list: HTMLElement,
  records: readonly Recognition[],
  open: (id: string) => void,
  key: (record: Recognition) => string,
): void {
  const old = new Map<string, HTMLElement>();
  for (const item of [...list.children] as HTMLElement[]) old.set(`${item.dataset.id} ${item.dataset.key}`, item);
  const focused = (document.activeElement?.closest("li") as HTMLElement | null)?.dataset.id;
  let at: ChildNode | null = list.firstChild;
  for (const record of records) {
    const name = `${record.id} ${key(record)}`;
    let item = old.get(name);
    old.delete(name);
    if (!item) {
      item = card(record, open);
      item.dataset.key = key(record);
    }
    if (item === at) at = item.nextSibling;
    else list.insertBefore(item, at);
    if (focused === record.id && !item.contains(document.activeElement) && list.contains(document.activeElement)) {
      item.querySelector("button")?.focus();
    }
  }
  for (const item of old.values()) item.remove();
}
