import { isAbort } from "./api";

/**
 * Asks again and again as something changes, but only once it has been still for a while, and drops
 * the question when it changes anew: at most one is on its way, and only the last one's answer counts.
 */
export class Live<T> {
  #ask: (signal: AbortSignal) => Promise<T>;
  #answered: (answer: T) => void;
  #failed: (error: unknown) => void;
  #delay: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(
    ask: (signal: AbortSignal) => Promise<T>,
    answered: (answer: T) => void,
    failed: (error: unknown) => void,
    delay = 250,
  ) {
    this.#ask = ask;
    this.#answered = answered;
    this.#failed = failed;
    this.#delay = delay;
  }

  /** Something changed; it is asked about when it has been still. */
  changed(): void {
    this.stop();
    this.#timer = setTimeout(() => void this.#run(), this.#delay);
  }

  /** Drops what is planned and what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    const mine = new AbortController();
    this.#running = mine;
    try {
      const answer = await this.#ask(mine.signal);
      if (this.#running === mine) this.#answered(answer);
    } catch (error) {
      if (this.#running === mine && !isAbort(error)) this.#failed(error);
    } finally {
      if (this.#running === mine) this.#running = undefined;
    }
  }
}
