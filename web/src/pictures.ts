import type { Alphabet } from "./alphabet";
import { Answer } from "./answer";
import * as api from "./api";
import { byId, isTyping, make } from "./dom";
import { onLanguage, t } from "./i18n";
import { sayReading } from "./reading";
import { refusalParts, refusalWords } from "./refusal";
import { formatOf, standIn } from "./unshown";

// Pictures from outside: picker, camera, drop and paste; each is read, kept and shown.

const kAtOnce = 3;
const kMaxShown = 200;

export interface PicturesDeps {
  alphabet(): Alphabet;
  /** One was read and kept, or changed. */
  kept(record: api.Recognition): void;
  open(id: string, correct: boolean): void;
  /** What was asked for failed, and nothing says so yet. */
  failed(error: unknown): void;
  /** A picture was not read; its own place says so. */
  lost(error: unknown): void;
  say(words: string): void;
  /** Something is to be seen here. */
  shown(): void;
}

interface Upload {
  readonly file: File;
  readonly name: string;
  readonly url: string;
  readonly item: HTMLLIElement;
  readonly answer: Answer;
  readonly alphabet: Alphabet;
  record?: api.Recognition;
  error?: unknown;
  /** Of a file that the browser can't show. */
  format?: string;
  done: boolean;
}

export class Pictures {
  #deps: PicturesDeps;
  #results = byId("results", HTMLElement);
  #veil = byId("veil", HTMLElement);
  #uploads: Upload[] = [];
  #waiting: Upload[] = [];
  #running = 0;

  constructor(deps: PicturesDeps) {
    this.#deps = deps;
    for (const [button, input] of [
      ["choose-pictures", "files"],
      ["take-photo", "camera"],
    ] as const) {
      const picker = byId(input, HTMLInputElement);
      byId(button, HTMLButtonElement).addEventListener("click", () => picker.click());
      picker.addEventListener("change", () => {
        this.add([...(picker.files ?? [])]);
        picker.value = "";
      });
    }
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || (isTyping(event.target) && event.clipboardData?.types.includes("text/plain"))) return;
      event.preventDefault();
      this.add(files);
    });
    this.#watchDrops();
    onLanguage(() => this.#uploads.forEach((upload) => this.#render(upload)));
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    this.#deps.shown();
    for (const file of files) {
      const url = URL.createObjectURL(file);
      const answer = new Answer(make("div", {}), {
        label: (text) => void this.#label(upload, text),
        other: () => upload.record && this.#deps.open(upload.record.id, true),
      });
      const item = make("li", { class: "result sheet" });
      const upload: Upload = { file, name: file.name, url, item, answer, alphabet: this.#deps.alphabet(), done: false };
      this.#uploads.unshift(upload);
      this.#results.prepend(upload.item);
      this.#waiting.push(upload);
      this.#render(upload);
    }
    for (const old of this.#uploads.slice(kMaxShown)) this.#drop(old);
    this.#next();
  }

  /** A kept recognition was changed elsewhere; undefined: it is deleted. */
  changed(id: string, record: api.Recognition | undefined): void {
    const upload = this.#uploads.find((one) => one.record?.id === id);
    if (!upload) return;
    if (record) {
      upload.record = { ...record, glyphs: upload.record?.glyphs ?? record.glyphs };
      this.#render(upload);
    } else {
      this.#drop(upload);
    }
  }

  #next(): void {
    while (this.#running < kAtOnce) {
      const upload = this.#waiting.shift();
      if (!upload) return;
      this.#running += 1;
      void this.#send(upload).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #send(upload: Upload): Promise<void> {
    upload.done = false;
    upload.error = undefined;
    this.#render(upload);
    try {
      upload.record = await api.keepPicture(upload.file, upload.name, upload.alphabet);
      this.#deps.kept(upload.record);
      this.#deps.say(sayReading(upload.record));
    } catch (error) {
      upload.error = error;
      this.#deps.lost(error);
      if (error instanceof api.Refusal) this.#deps.say(`${t("refused")}: ${refusalWords(error)}`);
    }
    upload.done = true;
    this.#render(upload);
  }

  #render(upload: Upload): void {
    upload.answer.keepFocus(() => this.#draw(upload));
  }

  #draw(upload: Upload): void {
    const name = upload.name !== "" ? upload.name : t("noName");
    const picture = make("div", { class: "result-picture" }, this.#picture(upload, t("picture", { name })));
    const body = make("div", { class: "result-body" }, make("p", { class: "result-name", title: name }, name));
    const { record, error } = upload;
    if (record) {
      upload.answer.show(record, record.label);
      body.append(upload.answer.root);
    } else if (upload.done) {
      body.append(this.#refusal(upload, error));
    } else {
      body.append(make("p", { class: "busy" }, t("busy")));
    }
    const remove = make("button", { type: "button", class: "btn tool remove", "aria-label": `${t("remove")}: ${name}`, title: t("remove") }, "✕");
    remove.addEventListener("click", () => this.#drop(upload));
    upload.item.className = `result sheet${!record && upload.done ? " refused" : ""}`;
    upload.item.setAttribute("aria-busy", String(!upload.done));
    upload.item.replaceChildren(picture, body, ...(upload.done ? [remove] : []));
  }

  #picture(upload: Upload, alt: string): HTMLElement {
    const { format, record } = upload;
    if (format !== undefined) return standIn(alt, { format, glyphs: record?.glyphs ?? [] });
    const image = make("img", { alt, src: upload.url });
    image.addEventListener("error", () => {
      image.style.visibility = "hidden";
      void upload.file
        .slice(0, 4)
        .arrayBuffer()
        .catch(() => new ArrayBuffer(0))
        .then((head) => {
          upload.format = formatOf(new Uint8Array(head));
          this.#render(upload);
        });
    });
    return image;
  }

  #refusal(upload: Upload, error: unknown): HTMLElement {
    const box = make("div", { class: "refusal" });
    if (error instanceof api.Refusal) {
      box.append(
        make("p", { class: "refusal-lead" }, t("refused")),
        make("p", {}, ...refusalParts(error)),
        make("p", { class: "fine" }, t("taken")),
      );
      return box;
    }
    const again = make("button", { type: "button", class: "btn quiet" }, t("tryNow"));
    again.addEventListener("click", () => {
      this.#waiting.push(upload);
      this.#next();
    });
    box.append(make("p", { class: "refusal-lead" }, t("offline")), make("p", { class: "fine" }, t("taken")), again);
    return box;
  }

  async #label(upload: Upload, text: string | null): Promise<void> {
    const record = upload.record;
    if (!record) return;
    try {
      const changed = await api.label(record.id, text);
      upload.record = { ...changed, glyphs: record.glyphs };
      this.#deps.kept(upload.record);
      this.#deps.say(t("saved"));
      this.#render(upload);
    } catch (error) {
      this.#deps.failed(error);
    }
  }

  // From this list only; what was kept stays kept.
  #drop(upload: Upload): void {
    URL.revokeObjectURL(upload.url);
    this.#waiting = this.#waiting.filter((one) => one !== upload);
    this.#uploads = this.#uploads.filter((one) => one !== upload);
    upload.item.remove();
  }

  #watchDrops(): void {
    let depth = 0;
    const brings = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const show = (shown: boolean) => (this.#veil.hidden = !shown);
    document.addEventListener("dragenter", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      depth += 1;
      show(true);
    });
    document.addEventListener("dragover", (event) => {
      if (brings(event)) event.preventDefault();
    });
    document.addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) show(false);
    });
    document.addEventListener("drop", (event) => {
      depth = 0;
      show(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.add(files);
    });
  }
}
