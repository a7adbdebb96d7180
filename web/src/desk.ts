import type { Alphabet } from "./alphabet";
import { ReadingView } from "./answer";
import * as api from "./api";
import { Board, Nib } from "./board";
import { BrushPanel } from "./brush";
import type { Connection } from "./connection";
import { byId, isTyping } from "./dom";
import { forgetDraft, loadDraft, storeDraft } from "./draft";
import { KeptDrawings } from "./drawings";
import { toWire } from "./geometry";
import { save } from "./history";
import { onLanguage, t } from "./i18n";
import { Live } from "./live";
import { kPastModel, PastView, rawPicture } from "./past";
import { sayReading } from "./reading";
import { refusalParts } from "./refusal";
import { oneLine } from "./text";

// The place to write: board, tools, and what the drawing is read as.

export interface DeskDeps {
  alphabet(): Alphabet;
  connection: Connection;
  kept(record: api.Recognition): void;
  open(id: string, correct: boolean): void;
  /** What was asked for failed. */
  failed(error: unknown): void;
  /** What the page does of itself failed. */
  lost(error: unknown): void;
  say(words: string): void;
  isShown(): boolean;
}

export class Desk {
  #deps: DeskDeps;
  #board: Board;
  #view: ReadingView;
  #past = new PastView(byId("in2018", HTMLElement));
  #keepButton = byId("keep", HTMLButtonElement);
  #live: Live<api.Reading>;
  #livePast: Live<api.Reading>;
  #hasPast = false;
  /** What is on the board, as it was read last. */
  #read: api.Reading | undefined;
  /** Counts changes of the drawing, so that an answer to an older one is known. */
  #version = 0;
  #kept: api.Recognition | undefined;
  #keptDrawings = new KeptDrawings();
  #keeping: Promise<api.Recognition | undefined> | undefined;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    const element = byId("board", HTMLElement);
    const panel = new BrushPanel((brush) => {
      this.#board.brush = brush;
      this.#board.repaint();
    });
    this.#board = new Board(element, byId("ink", HTMLCanvasElement), panel.brush, {
      started: () => this.#started(),
      changed: () => this.#changed(),
    });
    new Nib(this.#board, element, byId("nib", HTMLElement));
    this.#view = new ReadingView(byId("answer", HTMLElement), {
      label: (text) => void this.#label(text),
      other: () => void this.#other(),
    });
    this.#live = new Live(
      (signal) => api.read(this.#wire(), deps.alphabet(), signal),
      (reading) => this.#answered(reading),
      (error) => this.#unanswered(error),
    );
    this.#livePast = new Live(
      (signal) => api.readBy(kPastModel, rawPicture(this.#board.store.strokes, this.#board.view, this.#board.brush), signal),
      (reading) => this.#past.show(reading),
      () => this.#past.show(undefined),
      0,
    );
    this.#bindTools();
    document.addEventListener("keydown", (event) => this.#key(event));
    onLanguage(() => {
      this.#view.render();
      this.#past.render();
    });
    deps.connection.onChange((up) => {
      if (up) this.alphabetChanged();
    });
    this.#refreshTools();
    const draft = loadDraft();
    if (draft.length > 0) this.#board.restore(draft);
  }

  /** Colours changed. */
  repaint(): void {
    this.#board.repaint();
  }

  /** A kept recognition was changed elsewhere; undefined: it is deleted. */
  changed(id: string, record: api.Recognition | undefined): void {
    this.#keptDrawings.changed(id, record);
    if (this.#kept?.id !== id) return;
    if (record) {
      this.#kept = { ...record, glyphs: this.#kept.glyphs };
      this.#view.show(this.#kept, this.#kept);
      return;
    }
    this.#kept = undefined;
    this.#board.clear();
  }

  /** What the server has to read with. */
  offer(models: readonly api.Model[]): void {
    this.#hasPast = models.some((model) => model.name === kPastModel);
    if (this.#read) this.#askPast(this.#read);
  }

  /** What is on the board and not kept is read anew. */
  alphabetChanged(): void {
    if (this.#board.store.isEmpty || this.#kept || this.#board.isDrawing) return;
    this.#version += 1;
    this.#ask();
  }

  #wire(): number[][][] {
    return toWire(this.#board.store.strokes, this.#board.view);
  }

  #started(): void {
    this.#version += 1;
    this.#read = undefined;
    this.#live.stop();
    this.#livePast.stop();
    this.#kept = undefined;
    this.#refreshTools();
    byId("invite", HTMLElement).hidden = true;
  }

  #changed(): void {
    this.#version += 1;
    this.#read = undefined;
    this.#kept = undefined;
    this.#live.stop();
    this.#livePast.stop();
    const known = this.#known();
    if (known) this.#showKept(known);
    this.#refreshTools();
    if (this.#board.store.isEmpty) {
      forgetDraft();
      this.#view.clear();
      this.#past.show(undefined);
      return;
    }
    if (known) return;
    storeDraft(this.#board.store.strokes);
    this.#ask();
  }

  /** As what the drawing was kept, if undo or redo brought back one that was. */
  #known(): api.Recognition | undefined {
    return this.#keptDrawings.find(this.#board.store.strokes, this.#deps.alphabet());
  }

  #ask(): void {
    // It is asked when the server is back.
    if (this.#deps.connection.up === false) {
      this.#view.unread(() => [t("unread")]);
      return;
    }
    this.#view.wait(true);
    this.#live.changed();
  }

  // The network of 2018 read one digit.
  #askPast(reading: api.Reading): void {
    if (this.#hasPast && reading.alphabet === "digits" && reading.glyphs.length === 1) this.#livePast.changed();
    else this.#past.show(undefined);
  }

  #answered(reading: api.Reading): void {
    this.#deps.connection.worked();
    this.#read = reading;
    this.#view.show(reading);
    this.#askPast(reading);
    this.#deps.say(sayReading(reading));
  }

  #unanswered(error: unknown): void {
    this.#read = undefined;
    this.#past.show(undefined);
    if (error instanceof api.Refusal) {
      this.#view.unread(() => refusalParts(error));
      return;
    }
    this.#view.unread(() => [t("unread")]);
    this.#deps.lost(error);
  }

  /** What is on the board is kept as this. */
  #showKept(record: api.Recognition): void {
    this.#kept = record;
    forgetDraft();
    this.#board.settle();
    this.#view.show(record, record);
    this.#deps.say(record.rejected ? t("answerKeptUnsure") : t("answerKept", { text: oneLine(record.label ?? record.text) }));
  }

  /** Keeps the drawing, once; gives what was kept, undefined when it could not be. */
  #keep(): Promise<api.Recognition | undefined> {
    if (!this.#kept && !this.#keeping) {
      // Kept while undo and redo led away and back.
      const known = this.#known();
      if (known) this.#showKept(known);
      this.#refreshTools();
    }
    if (this.#kept) return Promise.resolve(this.#kept);
    this.#keeping ??= this.#keepNow().finally(() => {
      this.#keeping = undefined;
      this.#refreshTools();
    });
    return this.#keeping;
  }

  async #keepNow(): Promise<api.Recognition | undefined> {
    if (this.#board.store.isEmpty) {
      this.#deps.say(t("answerEmpty"));
      return undefined;
    }
    const version = this.#version;
    const drawing = this.#board.store.strokes;
    const alphabet = this.#deps.alphabet();
    this.#live.stop();
    this.#view.wait(true);
    this.#keepButton.setAttribute("aria-busy", "true");
    try {
      const record = await api.keep(this.#wire(), alphabet);
      this.#deps.connection.worked();
      this.#keptDrawings.put(drawing, alphabet, record);
      this.#deps.kept(record);
      if (version === this.#version) this.#showKept(record);
      return record;
    } catch (error) {
      this.#deps.failed(error);
      if (version === this.#version) this.#view.wait(false);
      return undefined;
    } finally {
      this.#keepButton.removeAttribute("aria-busy");
    }
  }

  // What was meant is said of what is kept, so that it is kept first.
  async #label(text: string | null): Promise<void> {
    const record = await this.#keep();
    if (!record) return;
    try {
      const changed = await api.label(record.id, text);
      const whole = { ...changed, glyphs: record.glyphs };
      this.#keptDrawings.changed(record.id, whole);
      this.#deps.kept(whole);
      if (this.#kept?.id === record.id) {
        this.#kept = whole;
        this.#view.show(whole, whole);
        const words = whole.label !== null ? "chosen" : "answerKept";
        this.#deps.say(t(words, { text: oneLine(whole.label ?? whole.text) }));
      }
    } catch (error) {
      this.#deps.failed(error);
    }
  }

  async #other(): Promise<void> {
    const record = await this.#keep();
    if (record) this.#deps.open(record.id, true);
  }

  #bindTools(): void {
    const on = (id: string, act: () => void) => byId(id, HTMLButtonElement).addEventListener("click", act);
    on("undo", () => this.#board.undo());
    on("redo", () => this.#board.redo());
    on("clear", () => this.#board.clear());
    on("download", () => void this.#download());
    on("keep", () => void this.#keep());
  }

  async #download(): Promise<void> {
    const picture = await this.#board.toPng();
    if (picture) save(picture, "longhand.png");
  }

  #key(event: KeyboardEvent): void {
    if (!this.#deps.isShown() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && !event.altKey && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.#board.redo();
      else this.#board.undo();
      return;
    }
    if (command || event.altKey) return;
    // Enter and Delete are the board's where nothing else has them.
    const free = event.target === document.body || event.target === byId("board", HTMLElement) || event.target === byId("main", HTMLElement);
    if (!free) return;
    if (key === "enter") {
      event.preventDefault();
      void this.#keep();
    } else if (key === "delete" || key === "backspace") {
      event.preventDefault();
      this.#board.clear();
    }
  }

  #refreshTools(): void {
    const { store } = this.#board;
    const set = (id: string, enabled: boolean) => (byId(id, HTMLButtonElement).disabled = !enabled);
    set("undo", store.canUndo);
    set("redo", store.canRedo);
    set("clear", !store.isEmpty);
    set("download", !store.isEmpty);
    const kept = this.#kept !== undefined;
    this.#keepButton.disabled = store.isEmpty || kept;
    this.#keepButton.dataset.t = kept ? "kept" : "keep";
    this.#keepButton.textContent = t(kept ? "kept" : "keep");
    byId("invite", HTMLElement).hidden = !store.isEmpty;
    byId("next-one", HTMLElement).hidden = !kept;
  }
}
