import type { Point, Stroke } from "./strokes";

// Board units: the origin is the middle of the board, y points down, and the board's shorter side is
// kBoardSpan long. So a drawing keeps its place and shape when the board changes its size.

export const kBoardSpan = 400;

/** How board units lie on a surface of so many pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

export function viewOf(width: number, height: number): View {
  return { width, height, scale: Math.max(1, Math.min(width, height)) / kBoardSpan };
}

/** A view of the same board units that shows the whole of `board` in a square of `size` pixels. */
export function squareView(board: View, size: number): View {
  const longer = Math.max(board.width, board.height, 1);
  return { width: size, height: size, scale: (board.scale * size) / longer };
}

export function toBoard(view: View, px: number, py: number): { x: number; y: number } {
  return { x: (px - view.width / 2) / view.scale, y: (py - view.height / 2) / view.scale };
}

export function toPixels(view: View, p: { x: number; y: number }): { x: number; y: number } {
  return { x: p.x * view.scale + view.width / 2, y: p.y * view.scale + view.height / 2 };
}

/** The wire form of strokes, in pixels of the board: [x, y, t] or, with a pen, [x, y, t, pressure]. */
export function toWire(strokes: readonly Stroke[], view: View): number[][][] {
  const round = (n: number, unit: number) => Math.round(n * unit) / unit;
  return strokes.map((stroke) =>
    stroke.map((p) => {
      const at = toPixels(view, p);
      const point = [round(at.x, 100), round(at.y, 100), Math.round(p.t)];
      if (p.pressure !== undefined) point.push(round(p.pressure, 1000));
      return point;
    }),
  );
}

function distanceToSegment(x: number, y: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}

/** Whether a stroke passes within `reach` of a place. */
export function touches(stroke: Stroke, x: number, y: number, reach: number): boolean {
  return stroke.some((p, i) => distanceToSegment(x, y, stroke[Math.max(0, i - 1)] ?? p, p) <= reach);
}
