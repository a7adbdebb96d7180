import { alphabetOf } from "./alphabet";
import { Answer } from "./answer";
import * as api from "./api";
import { keptPicture } from "./card";
import { bestConfidence } from "./certainty";
import { make } from "./dom";
import { moment, percent, t } from "./i18n";
import type { Kept } from "./kept";
import { bestText, oneLine } from "./text";

export interface DetailDeps {
  kept: Kept;
  failed(error: unknown): void;
  say(words: string): void;
  /** A kept recognition was changed (or, with undefined, deleted) here. */
  changed(id: string, record: api.Recognition | undefined): void;
}

/** In the reader's language where the page has a word for it. */
function alphabetName(name: string): string {
  return alphabetOf(name) === name ? t(name) : name;
}

/** One kept recognition in a dialog: all that is known of it, correcting it, deleting it. */
export class Detail {
  #dialog: HTMLDialogElement;
  #deps: DetailDeps;
  #record: api.Recognition | undefined;
  #answer: Answer;

  constructor(dialog: HTMLDialogElement, deps: DetailDeps) {
    this.#dialog = dialog;
    this.#deps = deps;
    this.#answer = new Answer(make("div", {}), {
      label: (text) => void this.#label(text),
      other: () => this.#field()?.focus(),
    });
    // A press that began inside, to select what is in the field, may end outside: that closes nothing.
    let outside = false;
    dialog.addEventListener("pointerdown", (event) => (outside = event.target === dialog));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && outside) dialog.close();
    });
    dialog.addEventListener("close", () => (this.#record = undefined));
  }

  async open(id: string, correct = false): Promise<void> {
    const known = this.#deps.kept.find(id);
    if (known) this.#show(known);
    try {
      const record = await api.show(id);
      if (known && this.#record?.id !== id) return; // closed meanwhile
      this.#refresh(record);
    } catch (error) {
      if (error instanceof api.Refusal && error.status === 404) {
        this.#dialog.close();
        this.#deps.changed(id, undefined);
        this.#deps.say(t("gone"));
        return;
      }
      this.#deps.failed(error);
    }
    if (correct && this.#dialog.open) this.#field()?.focus();
  }

  #field(): HTMLInputElement | HTMLTextAreaElement | null {
    return this.#dialog.querySelector("#it-was");
  }

  /** After a change of language. */
  render(): void {
    if (this.#record) this.#show(this.#record);
  }

  #show(record: api.Recognition): void {
    const typed = this.#record?.id === record.id ? this.#field() : null;
    const draft = typed && typed.value !== (this.#record?.label ?? "") ? typed.value : undefined;
    this.#record = record;
    const close = make("button", { type: "button", class: "btn tool", "aria-label": t("close"), title: t("close") }, "✕");
    close.addEventListener("click", () => this.#dialog.close());
    const head = make("div", { class: "detail-head" }, make("h2", { id: "detail-title" }, t("details")), close);
    this.#answer.keepFocus(() => {
      this.#showAnswer(record);
      const { root } = this.#answer;
      this.#dialog.replaceChildren(head, root, this.#correction(record, draft), this.#facts(record), this.#deletion(record));
    });
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** What came anew of the record shown; what can be pressed stays, since a press may have begun. */
  #refresh(record: api.Recognition): void {
    const shown = this.#record;
    if (!this.#dialog.open || shown?.label !== record.label || shown.text !== record.text) {
      this.#show(record);
      return;
    }
    this.#record = record;
    this.#answer.keepFocus(() => this.#showAnswer(record));
    this.#dialog.querySelector(".facts")?.replaceWith(this.#facts(record));
  }

  #showAnswer(record: api.Recognition): void {
    this.#answer.show(record, record.label, make("div", { class: "detail-picture" }, keptPicture(record)));
  }

  #correction(record: api.Recognition, draft: string | undefined): HTMLElement {
    const same = {
      id: "it-was",
      class: "field",
      autocomplete: "off",
      maxlength: "1000",
      required: true,
      "aria-description": t("itWasHint"),
    };
    const lines = Math.max(...[record.text, record.label ?? ""].map((text) => text.split("\n").length));
    const input = lines > 1 ? make("textarea", { ...same, rows: String(Math.min(lines, 8)) }) : make("input", { ...same, type: "text" });
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
    add(t("readAs"), `${oneLine(bestText(record)) || "–"}${record.rejected ? ` (${t("notSure")})` : ""}`);
    add(t("confidence"), percent(bestConfidence(record)));
    add(t("alphabet"), alphabetName(record.alphabet));
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
      this.#field()!.value = this.#record.label ?? "";
      this.#show(whole);
      if (!this.#dialog.contains(document.activeElement)) this.#field()?.focus();
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
