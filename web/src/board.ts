import { kBoardSpan, touches, toBoard, toPixels, viewOf, type View } from "./geometry";
import { paint, type Brush } from "./paint";
import { StrokeStore, type Point, type Stroke } from "./strokes";

// The writing board: pointers in, ink out. Strokes are kept as vectors in board units.

const kEraserButton = 32; // of PointerEvent.buttons
// After a pen was here, touches are the palm for so long.
const kPalmTime = 60_000;
const kMaxPoints = 20_000;
// Between the last stroke before the page was loaded anew and the next.
const kRest = 1_000;

export interface BoardEvents {
  /** A stroke begins: whatever was being read is out of date. */
  started(): void;
  /** The strokes are others now. */
  changed(): void;
}

interface Gesture {
  readonly id: number;
  readonly type: string;
  readonly erases: boolean;
  readonly points: Point[];
  readonly erased: Set<Stroke>;
}

export class Board {
  readonly store = new StrokeStore();
  brush: Brush;
  #element: HTMLElement;
  #canvas: HTMLCanvasElement;
  #events: BoardEvents;
  #finished = document.createElement("canvas");
  // Until the board is to be seen.
  #view: View = viewOf(kBoardSpan, kBoardSpan);
  #ratio = 1;
  #gesture: Gesture | undefined;
  #penSeen = Number.NEGATIVE_INFINITY;
  #began: number | undefined;
  #points = 0;
  #frame = 0;
  #stale = true;
  #preview: Stroke | undefined;
  /** A drawing that was kept: it gives way to the next stroke. */
  #settled = false;

  constructor(element: HTMLElement, canvas: HTMLCanvasElement, brush: Brush, events: BoardEvents) {
    this.#element = element;
    this.#canvas = canvas;
    this.#events = events;
    this.brush = brush;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancel(event));
    element.addEventListener("keydown", () => element.classList.remove("by-hand"));
    element.addEventListener("blur", () => element.classList.remove("by-hand"));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    this.#watchRatio();
    this.#resize();
  }

  /** Of the board in CSS pixels. */
  get view(): View {
    return this.#view;
  }
  get isDrawing(): boolean {
    return this.#gesture !== undefined;
  }

  undo(): void {
    if (!this.#gesture && this.store.undo()) this.#changed();
  }
  redo(): void {
    if (!this.#gesture && this.store.redo()) this.#changed();
  }
  clear(): void {
    if (this.#gesture || this.store.isEmpty) return;
    this.store.clear();
    this.#changed();
  }

  /** The drawing was kept: it stays to be seen, and the next stroke starts on an empty board. */
  settle(): void {
    this.#settled = true;
    this.#element.classList.add("settled");
    this.repaint();
  }

  /** Puts a drawing from before on the empty board, to be undone stroke by stroke. */
  restore(strokes: readonly Stroke[]): void {
    for (const stroke of strokes) this.store.add(stroke);
    // The pen rested since.
    const last = Math.max(0, ...strokes.map((stroke) => stroke[stroke.length - 1]?.t ?? 0));
    this.#began = performance.now() - last - kRest;
    this.#changed();
  }

  /** Adds a stroke that was made without a pointer; in board units. */
  addStroke(points: Stroke): void {
    this.#preview = undefined;
    this.store.add(points);
    this.#changed();
  }

  /** Shows a stroke in the making that is not on the board yet. */
  preview(points: Stroke | undefined): void {
    if (points && !this.#preview) this.#begin();
    this.#preview = points;
    this.#schedule();
  }

  // A stroke starts, by whatever hand.
  #begin(): void {
    if (this.#settled) {
      this.#unsettle();
      this.store.clear();
      this.#stale = true;
    }
    if (this.store.isEmpty) this.#began = undefined;
    this.#events.started();
  }

  /** Milliseconds since the drawing's first point. */
  time(now: number): number {
    this.#began ??= now;
    return Math.max(0, now - this.#began);
  }

  /** Paints everything anew, as after a change of colours or of the brush. */
  repaint(): void {
    this.#stale = true;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /** The drawing on its sheet as a picture, dark on light whatever the page's colours. */
  toPng(): Promise<Blob | null> {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(this.#view.width * 2);
    canvas.height = Math.round(this.#view.height * 2);
    const context = canvas.getContext("2d");
    if (!context) return Promise.resolve(null);
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    paint(context, this.store.strokes, viewOf(canvas.width, canvas.height), this.brush, "#1c2b3a");
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  #ink(): string {
    const style = getComputedStyle(this.#element);
    return style.getPropertyValue(this.#settled ? "--ink-settled" : "--ink").trim() || "#1c2b3a";
  }

  #point(event: PointerEvent): Point {
    const box = this.#canvas.getBoundingClientRect();
    const at = toBoard(this.#view, event.clientX - box.left, event.clientY - box.top);
    const t = this.time(event.timeStamp);
    // A mouse reports 0.5 for want of anything to measure; so do most fingers.
    return event.pointerType === "pen" && event.pressure > 0 ? { ...at, t, pressure: event.pressure } : { ...at, t };
  }

  #down(event: PointerEvent): void {
    const isPen = event.pointerType === "pen";
    if (isPen) this.#penSeen = event.timeStamp;
    const erases = isPen && (event.buttons & kEraserButton) !== 0;
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (isPen && event.button !== 0 && !erases) return;
    if (event.pointerType === "touch" && event.timeStamp - this.#penSeen < kPalmTime) return;
    if (this.#gesture) {
      // The palm came down before the pen.
      if (!isPen || this.#gesture.type !== "touch") return;
      this.#gesture = undefined;
    }
    event.preventDefault();
    this.#element.classList.add("by-hand");
    this.#element.focus({ preventScroll: true });
    try {
      this.#canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already.
    }
    if (erases) this.#unsettle();
    else this.#begin();
    this.#points = this.store.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    const { pointerId: id, pointerType: type } = event;
    this.#gesture = { id, type, erases, points: [], erased: new Set() };
    this.#element.classList.add("drawing");
    this.#follow([event]);
  }

  #move(event: PointerEvent): void {
    if (event.pointerType === "pen") this.#penSeen = event.timeStamp;
    if (event.pointerId !== this.#gesture?.id) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.#follow(coalesced.length > 0 ? coalesced : [event]);
  }

  #follow(events: readonly PointerEvent[]): void {
    const gesture = this.#gesture;
    if (!gesture) return;
    for (const event of events) {
      const point = this.#point(event);
      if (gesture.erases) {
        for (const stroke of this.store.strokes) {
          if (touches(stroke, point.x, point.y, this.brush.width)) gesture.erased.add(stroke);
        }
        this.#stale = true;
        continue;
      }
      const last = gesture.points[gesture.points.length - 1];
      const apart = last ? Math.hypot(point.x - last.x, point.y - last.y) : Number.POSITIVE_INFINITY;
      if (apart < 0.25 || this.#points >= kMaxPoints) continue;
      gesture.points.push(point);
      this.#points += 1;
    }
    this.#schedule();
  }

  #up(event: PointerEvent): void {
    if (event.pointerType === "pen") this.#penSeen = event.timeStamp;
    if (event.pointerId !== this.#gesture?.id) return;
    this.#follow([event]);
    const gesture = this.#gesture;
    this.#gesture = undefined;
    if (gesture.erases) this.store.remove(gesture.erased);
    else this.store.add(gesture.points);
    this.#changed();
  }

  // The browser took the pointer away, for a system gesture say: what was written stays.
  #cancel(event: PointerEvent): void {
    const gesture = this.#gesture;
    if (event.pointerId !== gesture?.id) return;
    this.#gesture = undefined;
    if (!gesture.erases && gesture.points.length > 1) this.store.add(gesture.points);
    this.#changed();
  }

  #unsettle(): void {
    this.#settled = false;
    this.#element.classList.remove("settled");
  }

  #changed(): void {
    this.#unsettle();
    this.#element.classList.remove("drawing");
    this.repaint();
    this.#events.changed();
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const context = this.#canvas.getContext("2d");
    const finished = this.#finished.getContext("2d");
    if (!context || !finished) return;
    const { width, height } = this.#canvas;
    const view = viewOf(width, height);
    const gesture = this.#gesture;
    const colour = this.#ink();
    if (this.#stale) {
      this.#stale = false;
      this.#finished.width = width;
      this.#finished.height = height;
      const strokes = this.store.strokes.filter((stroke) => !gesture?.erased.has(stroke));
      paint(finished, strokes, view, this.brush, colour);
    }
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#finished, 0, 0);
    if (gesture && !gesture.erases) paint(context, [gesture.points], view, this.brush, colour);
    if (this.#preview) paint(context, [this.#preview], view, this.brush, colour);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    // Hidden: nothing to fit.
    if (width === 0 || height === 0) return;
    this.#ratio = Math.min(3, Math.max(1, window.devicePixelRatio));
    this.#view = viewOf(width, height);
    this.#canvas.width = Math.round(width * this.#ratio);
    this.#canvas.height = Math.round(height * this.#ratio);
    this.#stale = true;
    // At once: a canvas that changes its size is blank until it is painted.
    this.#paint();
  }

  // The pixel ratio changes by zooming and by moving the window to another screen.
  #watchRatio(): void {
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener(
      "change",
      () => {
        this.#resize();
        this.#watchRatio();
      },
      { once: true },
    );
  }
}

/** Writing with the keyboard: arrows move a nib, Space sets it down and lifts it. */
export class Nib {
  #board: Board;
  #element: HTMLElement;
  #mark: HTMLElement;
  #x = 0;
  #y = 0;
  #points: Point[] | undefined;

  constructor(board: Board, element: HTMLElement, mark: HTMLElement) {
    this.#board = board;
    this.#element = element;
    this.#mark = mark;
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("blur", () => this.#lift());
    element.addEventListener("pointerdown", () => this.#hide());
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#element || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 4 : 16;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (dx !== 0 || dy !== 0) {
      event.preventDefault();
      this.#moveBy(dx! * step, dy! * step);
    } else if (event.key === " ") {
      event.preventDefault();
      if (this.#points) this.#lift();
      else this.#set();
    } else if (event.key === "Escape" && this.#points) {
      event.preventDefault();
      this.#lift();
    }
  }

  #place(): Point {
    return { x: this.#x, y: this.#y, t: this.#board.time(performance.now()) };
  }

  #moveBy(dx: number, dy: number): void {
    const { width, height, scale } = this.#board.view;
    const reach = (n: number, span: number) => Math.max(-span / scale / 2, Math.min(span / scale / 2, n));
    this.#x = reach(this.#x + dx, width);
    this.#y = reach(this.#y + dy, height);
    this.#points?.push(this.#place());
    this.#show();
  }

  #set(): void {
    this.#points = [this.#place()];
    this.#show();
  }

  #lift(): void {
    const points = this.#points;
    this.#points = undefined;
    if (points) this.#board.addStroke(points);
    this.#hide(document.activeElement === this.#element);
  }

  #show(): void {
    const at = toPixels(this.#board.view, { x: this.#x, y: this.#y });
    this.#mark.style.transform = `translate(${at.x}px, ${at.y}px)`;
    this.#mark.hidden = false;
    this.#mark.classList.toggle("down", this.#points !== undefined);
    this.#board.preview(this.#points);
  }

  #hide(keepShown = false): void {
    this.#board.preview(undefined);
    this.#mark.classList.remove("down");
    if (!keepShown) this.#mark.hidden = true;
  }
}
