import * as api from "./api";
import { bestConfidence } from "./certainty";
import { make } from "./dom";
import { squareView, type View } from "./geometry";
import { shortPercent, t } from "./i18n";
import { paint, type Brush } from "./paint";
import type { Stroke } from "./strokes";
import { bestText } from "./text";

// What the network of 2018 makes of the same drawing, given to it as it was then: white on black,
// 28 pixels high and wide, nothing evened out.

export const kPastModel = "numberrec-2018";
const kSide = 28;

export function rawPicture(strokes: readonly Stroke[], board: View, brush: Brush): string {
  const canvas = document.createElement("canvas");
  canvas.width = kSide;
  canvas.height = kSide;
  const context = canvas.getContext("2d");
  if (!context) return "";
  context.fillStyle = "#000000";
  context.fillRect(0, 0, kSide, kSide);
  paint(context, strokes, squareView(board, kSide), { ...brush, hardness: 1 }, "#ffffff");
  return canvas.toDataURL("image/png");
}

export class PastView {
  #root: HTMLElement;
  #reading: api.Reading | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  show(reading: api.Reading | undefined): void {
    this.#reading = reading;
    this.render();
  }

  render(): void {
    const reading = this.#reading;
    const text = reading ? bestText(reading) : "";
    this.#root.hidden = text === "";
    if (!reading || text === "") return;
    this.#root.replaceChildren(
      make(
        "p",
        {},
        t("in2018"),
        " ",
        make("b", { class: "past-text" }, text),
        " ",
        t("in2018Confidence", { confidence: shortPercent(bestConfidence(reading)) }),
      ),
    );
  }
}
