import { isThere } from "./api";

// Whether the server can be reached, and trying until it can again.

const kFirstWait = 1_000;
const kLongestWait = 15_000;

export class Connection {
  #up: boolean | undefined;
  #wait = kFirstWait;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<(up: boolean) => void>();

  /** undefined before the first answer. */
  get up(): boolean | undefined {
    return this.#up;
  }

  onChange(listener: (up: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** An answer came. */
  worked(): void {
    clearTimeout(this.#timer);
    this.#wait = kFirstWait;
    this.#tell(true);
  }

  /** No answer came. */
  failed(): void {
    this.#tell(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.tryNow(), this.#wait);
    this.#wait = Math.min(kLongestWait, this.#wait * 2);
  }

  async tryNow(): Promise<void> {
    clearTimeout(this.#timer);
    if (await isThere()) this.worked();
    else this.failed();
  }

  #tell(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    for (const listener of this.#listeners) listener(up);
  }
}
