import type { Reading } from "./api";
import { bestConfidence, isUnsure } from "./certainty";
import { make, roveFocus } from "./dom";
import { drawGlyph } from "./glyph";
import { percent, shortPercent, t } from "./i18n";
import { labelledAs, linesOf } from "./text";

// Several glyphs: each as the network saw it, to be looked at and corrected one by one.

const kMostShown = 200;

function glyphButton(reading: Reading, label: string | null, i: number, chosen: boolean): HTMLButtonElement {
  const glyph = reading.glyphs[i]!;
  const said = labelledAs(reading, label, i);
  const isCorrected = said !== undefined && said !== glyph.text;
  const unsure = said === undefined && isUnsure(glyph);
  const words = isCorrected ? "glyphCorrected" : unsure ? "glyphUnsure" : "glyph";
  const canvas = make("canvas", { width: "28", height: "28", "aria-hidden": "true" });
  drawGlyph(canvas, glyph);
  return make(
    "button",
    {
      type: "button",
      class: `glyph${unsure ? " unsure" : ""}${isCorrected ? " corrected" : ""}`,
      "aria-pressed": String(chosen),
      "aria-label": t(words, { n: String(i + 1), text: said ?? glyph.text, confidence: percent(glyph.confidence) }),
    },
    make("span", { class: "well small" }, canvas),
    make(
      "span",
      { class: "glyph-foot" },
      make("span", { class: "glyph-text" }, said ?? glyph.text),
      make("span", { class: "glyph-confidence" }, isCorrected ? "✓" : shortPercent(glyph.confidence)),
    ),
  );
}

/** The glyphs of a reading as buttons, line by line, among which the arrow keys move. */
export function glyphStrip(
  reading: Reading,
  label: string | null,
  chosen: number | undefined,
  choose: (glyph: number) => void,
): HTMLElement {
  const group = make("div", { class: "glyphs", role: "group", "aria-label": t("glyphs") });
  for (const line of linesOf(reading)) {
    const shown = line.glyphs.filter((i) => i < kMostShown);
    if (shown.length === 0) break;
    const row = make("div", { class: `glyph-line${line.text === undefined ? " left-out" : ""}` });
    for (const i of shown) {
      const button = glyphButton(reading, label, i, i === chosen);
      button.tabIndex = i === (chosen ?? 0) ? 0 : -1;
      button.addEventListener("click", () => choose(i));
      row.append(button);
    }
    group.append(row);
  }
  roveFocus(group, "button");
  const together = t("together", { confidence: percent(bestConfidence(reading)) });
  const head = make(
    "figcaption",
    { class: "seen-head" },
    make("span", { title: t("seesHint") }, t("sees")),
    ...(reading.rejected ? [] : [make("span", {}, together)]),
  );
  const figure = make("figure", { class: "seen" }, head, group);
  const more = reading.glyphs.length - kMostShown;
  if (more > 0) figure.append(make("p", { class: "fine" }, t("moreGlyphs", { n: String(more) })));
  return figure;
}
