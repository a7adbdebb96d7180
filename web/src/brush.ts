import { byId } from "./dom";
import type { Brush } from "./paint";
import { load, loadNumber, store } from "./settings";

const kLeastWidth = 6;
const kMostWidth = 44;
const kUsualWidth = 13;

/** The panel with the brush's width and hardness and the guide lines; remembers them. */
export class BrushPanel {
  #width = byId("brush-width", HTMLInputElement);
  #hardness = byId("brush-hardness", HTMLInputElement);
  #guide = byId("guide", HTMLInputElement);
  #panel = byId("brush-panel", HTMLElement);
  #button = byId("brush", HTMLButtonElement);

  constructor(changed: (brush: Brush) => void) {
    this.#width.value = String(loadNumber("brush.width", kLeastWidth, kMostWidth, kUsualWidth));
    this.#hardness.value = String(loadNumber("brush.hardness", 0, 100, 100));
    this.#guide.checked = load("guide") !== "off";
    this.#showGuide();
    for (const input of [this.#width, this.#hardness]) {
      input.addEventListener("input", () => {
        store("brush.width", this.#width.value);
        store("brush.hardness", this.#hardness.value);
        changed(this.brush);
      });
    }
    this.#guide.addEventListener("change", () => {
      store("guide", this.#guide.checked ? "on" : "off");
      this.#showGuide();
    });
    this.#button.addEventListener("click", () => this.#open(this.#panel.hidden));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#open(false);
      this.#button.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      const inside = event.target instanceof Node && (this.#panel.contains(event.target) || this.#button.contains(event.target));
      if (!inside) this.#open(false);
    });
  }

  get brush(): Brush {
    return { width: Number(this.#width.value), hardness: Number(this.#hardness.value) / 100 };
  }

  #open(open: boolean): void {
    if (this.#panel.hidden !== open) return;
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) this.#width.focus();
  }

  #showGuide(): void {
    byId("board", HTMLElement).classList.toggle("guided", this.#guide.checked);
  }
}
