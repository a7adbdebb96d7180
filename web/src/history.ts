import * as api from "./api";
import { showCards } from "./card";
import type { Connection } from "./connection";
import { byId } from "./dom";
import { language, onLanguage } from "./i18n";
import type { Kept } from "./kept";

// What was kept: the strip under the board, the whole list, and the feed that keeps both current.

const kStrip = 16;
const kPage = 48;
const kExportPage = 200;

export interface HistoryDeps {
  kept: Kept;
  connection: Connection;
  open(id: string): void;
  /** What was asked for failed. */
  failed(error: unknown): void;
  /** What the page does of itself failed. */
  lost(error: unknown): void;
}

export class History {
  #deps: HistoryDeps;
  #strip = byId("strip", HTMLElement);
  #stripEmpty = byId("strip-empty", HTMLElement);
  #list = byId("list", HTMLElement);
  #listEmpty = byId("history-empty", HTMLElement);
  #older = byId("older", HTMLButtonElement);
  #export = byId("export", HTMLButtonElement);
  #feed: EventSource | undefined;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
    deps.kept.onChange(() => this.#render());
    onLanguage(() => this.#render());
    this.#older.addEventListener("click", () => void this.#loadOlder());
    this.#export.addEventListener("click", () => void this.#exportAll());
    // A feed takes one of the few connections that a browser has for a host: only pages that are
    // looked at hold one.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#stopFeed();
      else void this.refresh();
    });
    deps.connection.onChange((up) => {
      if (up) void this.refresh();
      else this.#stopFeed();
    });
  }

  /** Loads the newest ones and follows what comes. */
  async refresh(): Promise<void> {
    this.#startFeed();
    try {
      const page = await api.list(null, kPage);
      this.#deps.kept.refresh(page.recognitions, page.next);
      this.#deps.connection.worked();
    } catch (error) {
      this.#deps.lost(error);
    }
  }

  #render(): void {
    const { kept, open } = this.#deps;
    const key = (record: api.Recognition) => `${language()} ${record.label ?? ""}`;
    showCards(this.#strip, kept.records.slice(0, kStrip), open, key);
    showCards(this.#list, kept.records, open, key);
    const empty = kept.loaded && kept.records.length === 0;
    this.#stripEmpty.hidden = !empty;
    this.#strip.hidden = kept.records.length === 0;
    this.#listEmpty.hidden = !empty;
    this.#list.hidden = kept.records.length === 0;
    this.#older.hidden = kept.next === null;
    this.#export.hidden = kept.records.length === 0;
  }

  async #loadOlder(): Promise<void> {
    const { kept } = this.#deps;
    if (kept.next === null) return;
    this.#older.disabled = true;
    try {
      const page = await api.list(kept.next, kPage);
      kept.next = page.next;
      kept.put(...page.recognitions);
      const first = page.recognitions[0];
      if (first) this.#list.querySelector<HTMLElement>(`li[data-id="${CSS.escape(first.id)}"] button`)?.focus();
    } catch (error) {
      this.#deps.failed(error);
    } finally {
      this.#older.disabled = false;
    }
  }

  // One recognition a line, all that one may see.
  async #exportAll(): Promise<void> {
    this.#export.disabled = true;
    this.#export.classList.add("working");
    try {
      const lines: string[] = [];
      let cursor: string | null = null;
      do {
        const page: api.Page = await api.list(cursor, kExportPage);
        for (const record of page.recognitions) lines.push(`${JSON.stringify(record)}\n`);
        cursor = page.next;
      } while (cursor !== null);
      save(new Blob(lines, { type: "application/x-ndjson" }), "longhand.ndjson");
    } catch (error) {
      this.#deps.failed(error);
    } finally {
      this.#export.disabled = false;
      this.#export.classList.remove("working");
    }
  }

  #startFeed(): void {
    if (this.#feed || document.hidden) return;
    const feed = new EventSource(api.kEvents);
    this.#feed = feed;
    let before = false;
    feed.addEventListener("open", () => {
      // What came while the feed was broken is in the list only.
      if (before) void this.refresh();
      before = true;
    });
    feed.addEventListener("recognition", (event: MessageEvent<string>) => {
      let record: api.Recognition;
      try {
        record = JSON.parse(event.data) as api.Recognition;
      } catch {
        return;
      }
      if (!this.#deps.kept.find(record.id)) this.#deps.kept.put(record);
    });
    feed.addEventListener("dropped", () => void this.refresh());
    feed.addEventListener("error", () => {
      // Refused for good: the page works without it. Broken: the browser itself tries again, but
      // whether the server is there at all is the connection's to find out.
      if (feed.readyState === EventSource.CLOSED) this.#feed = undefined;
      else void this.#deps.connection.tryNow();
    });
  }

  #stopFeed(): void {
    this.#feed?.close();
    this.#feed = undefined;
  }
}

/** Has the browser save something as a file. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
