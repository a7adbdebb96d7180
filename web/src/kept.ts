import type { Recognition } from "./api";

/** What was kept, newest first, as far as this page has it. Ids of version 7 sort by their time. */
export class Kept {
  #records: Recognition[] = [];
  #listeners = new Set<() => void>();
  /** Where older ones go on; null when there are none. */
  next: string | null = null;
  loaded = false;

  get records(): readonly Recognition[] {
    return this.#records;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Adds them, or puts them in the place of what was there under their ids. */
  put(...records: readonly Recognition[]): void {
    const byId = new Map(this.#records.map((record) => [record.id, record]));
    for (const record of records) byId.set(record.id, record);
    this.#records = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
    this.#tell();
  }

  /** The newest page anew: what is no longer in it, though it should be, is gone. */
  refresh(page: readonly Recognition[], next: string | null): void {
    const oldest = page[page.length - 1]?.id;
    const older = next === null || oldest === undefined ? [] : this.#records.filter((record) => record.id < oldest);
    if (older.length === 0) this.next = next;
    this.#records = [...older];
    this.loaded = true;
    this.put(...page);
  }

  remove(id: string): void {
    this.#records = this.#records.filter((record) => record.id !== id);
    this.#tell();
  }

  find(id: string): Recognition | undefined {
    return this.#records.find((record) => record.id === id);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
