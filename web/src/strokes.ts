// What a hand wrote, as vectors, with its history. Nothing of the DOM here.

/** One place of the pen: board units (see geometry.ts), milliseconds from the drawing's start, pressure 0..1. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly t: number;
  /** Only where the device measures it. */
  readonly pressure?: number;
}

export type Stroke = readonly Point[];

const kMaxHistory = 500;

/**
 * The strokes on the board with undo and redo. Each state is a list of strokes that are never
 * changed, so that a state costs one array and "clear" is undone like any other step.
 */
export class StrokeStore {
  #past: (readonly Stroke[])[] = [];
  #present: readonly Stroke[] = [];
  #future: (readonly Stroke[])[] = [];

  get strokes(): readonly Stroke[] {
    return this.#present;
  }
  get isEmpty(): boolean {
    return this.#present.length === 0;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  add(stroke: Stroke): void {
    if (stroke.length > 0) this.#step([...this.#present, stroke]);
  }

  clear(): void {
    if (!this.isEmpty) this.#step([]);
  }

  /** Takes strokes away as one step; those not on the board are ignored. */
  remove(gone: ReadonlySet<Stroke>): void {
    const left = this.#present.filter((stroke) => !gone.has(stroke));
    if (left.length !== this.#present.length) this.#step(left);
  }

  undo(): boolean {
    const state = this.#past.pop();
    if (!state) return false;
    this.#future.push(this.#present);
    this.#present = state;
    return true;
  }

  redo(): boolean {
    const state = this.#future.pop();
    if (!state) return false;
    this.#past.push(this.#present);
    this.#present = state;
    return true;
  }

  #step(next: readonly Stroke[]): void {
    this.#past.push(this.#present);
    if (this.#past.length > kMaxHistory) this.#past.shift();
    this.#present = next;
    this.#future = [];
  }
}
