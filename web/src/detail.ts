import * as api from "./api";
import { keptPicture } from "./card";
import { bestConfidence, bestText } from "./certainty";
import { make } from "./dom";
import { moment, percent, t } from "./i18n";
import type { Kept } from "./kept";
import { bigText, guessList, seenFigure } from "./reading";

export interface DetailDeps {
  kept: Kept;
  failed(error: unknown): void;
  say(words: string): void;
  /** A kept recognition was changed (or, with undefined, deleted) here. */
  changed(id: string, record: api.Recognition | undefined): void;
}

/** One kept recognition in a dialog: all that is known of it, correcting it, deleting it. */
export class Detail {
  #dialog: HTMLDialogElement;
  #deps: DetailDeps;
  #record: api.Recognition | undefined;

  constructor(dialog: HTMLDialogElement, deps: DetailDeps) {
    this.#dialog = dialog;
    this.#deps = deps;
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => (this.#record = undefined));
  }

  async open(id: string, correct = false): Promise<void> {
    const known = this.#deps.kept.find(id);
    if (known) this.#show(known);
    try {
      const record = await api.show(id);
      if (known && this.#record?.id !== id) return; // closed meanwhile
      this.#show(record);
    } catch (error) {
      if (error instanceof api.Refusal && error.status === 404) {
        this.#dialog.close();
        this.#deps.changed(id, undefined);
        this.#deps.say(t("gone"));
        return;
      }
      this.#deps.failed(error);
    }
    if (correct && this.#dialog.open) this.#dialog.querySelector<HTMLInputElement>("#it-was")?.focus();
  }

  /** After a change of language. */
  render(): void {
    if (this.#record) this.#show(this.#record);
  }

  #show(record: api.Recognition): void {
    const typed = this.#record?.id === record.id ? this.#dialog.querySelector<HTMLInputElement>("#it-was") : null;
    const draft = typed && typed.value !== (this.#record?.label ?? "") ? typed.value : undefined;
    this.#record = record;
    const close = make("button", { type: "button", class: "btn tool", "aria-label": t("close"), title: t("close") }, "✕");
    close.addEventListener("click", () => this.#dialog.close());
    const head = make("div", { class: "detail-head" }, make("h2", { id: "detail-title" }, t("details")), close);
    const seen = seenFigure(record);
    const top = make("div", { class: "detail-top" }, make("div", { class: "detail-picture" }, keptPicture(record)));
    if (seen) top.append(seen);
    top.append(bigText(record, record.label));
    const answer = make("div", { class: `answer ${record.rejected && record.label === null ? "rejected" : "sure"}` }, top);
    if (record.glyphs.length > 0) {
      const choose = (text: string) => void this.#label(text === record.label ? null : text);
      const other = () => this.#dialog.querySelector<HTMLInputElement>("#it-was")?.focus();
      answer.append(guessList(record, record.label, { choose, other }));
    }
    this.#dialog.replaceChildren(head, answer, this.#correction(record, draft), this.#facts(record), this.#deletion(record));
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #correction(record: api.Recognition, draft: string | undefined): HTMLElement {
    const input = make("input", {
      id: "it-was",
      class: "field",
      type: "text",
      autocomplete: "off",
      maxlength: "200",
      required: true,
      "aria-description": t("itWasHint"),
    });
    input.value = draft ?? record.label ?? "";
    const form = make(
      "form",
      { class: "correction" },
      make("label", { for: "it-was" }, t("itWas")),
      input,
      make("button", { type: "submit", class: "btn quiet" }, t("save")),
    );
    if (record.label !== null) {
      const back = make("button", { type: "button", class: "btn plain" }, t("takeBack"));
      back.addEventListener("click", () => void this.#label(null));
      form.append(back);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text !== "") void this.#label(text);
    });
    return form;
  }

  #facts(record: api.Recognition): HTMLElement {
    const facts = make("dl", { class: "facts" });
    const add = (name: string, value: string) => facts.append(make("dt", {}, name), make("dd", {}, value));
    add(t("readAs"), `${bestText(record) || "–"}${record.rejected ? ` (${t("notSure")})` : ""}`);
    add(t("confidence"), percent(bestConfidence(record)));
    add(t("when"), moment(record.created_at));
    if (record.name !== "") add(t("name"), record.name);
    add(t("model"), `${record.model.name} ${record.model.version}`);
    add(t("took"), t("micros", { n: String(record.elapsed_us) }));
    return facts;
  }

  #deletion(record: api.Recognition): HTMLElement {
    const button = make("button", { type: "button", class: "btn plain danger" }, t("delete"));
    let sure = false;
    button.addEventListener("click", () => {
      if (sure) {
        void this.#delete(record.id);
        return;
      }
      sure = true;
      button.textContent = t("deleteSure");
      button.classList.add("sure");
    });
    button.addEventListener("blur", () => {
      sure = false;
      button.textContent = t("delete");
      button.classList.remove("sure");
    });
    return make("p", { class: "deletion" }, button);
  }

  async #label(text: string | null): Promise<void> {
    const record = this.#record;
    if (!record) return;
    try {
      const changed = await api.label(record.id, text);
      // The answer to a correction brings no pixels; those stay as they were.
      const whole = { ...changed, glyphs: record.glyphs };
      this.#deps.changed(record.id, whole);
      this.#deps.say(t("saved"));
      if (this.#record?.id !== record.id) return;
      this.#dialog.querySelector<HTMLInputElement>("#it-was")!.value = this.#record.label ?? "";
      this.#show(whole);
      this.#dialog.querySelector<HTMLElement>(text === null ? "#it-was" : ".guess[aria-pressed=true], #it-was")?.focus();
    } catch (error) {
      this.#deps.failed(error);
    }
  }

  async #delete(id: string): Promise<void> {
    try {
      await api.remove(id);
    } catch (error) {
      if (!(error instanceof api.Refusal && error.status === 404)) {
        this.#deps.failed(error);
        return;
      }
    }
    if (this.#record?.id === id) this.#dialog.close();
    this.#deps.changed(id, undefined);
    this.#deps.say(t("deleted"));
  }
}
