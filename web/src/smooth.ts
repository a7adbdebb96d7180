import type { Stroke } from "./strokes";

// From the points that a device reports to a line that looks as if it had been written.

/** A place on the smoothed line with the width of the ink there. */
export interface Dab {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** How wide the ink is at a pressure; devices without pressure write at full width. */
export function inkWidth(brush: number, pressure: number | undefined): number {
  if (pressure === undefined) return brush;
  const clamped = Math.max(0, Math.min(1, pressure));
  return brush * (0.35 + 0.9 * clamped);
}

/**
 * The stroke as places at most `step` apart on quadratic curves through the midpoints of its
 * points: the curve is smooth where the points turn, starts at the first and ends at the last.
 * Widths are eased, so that a jump in pressure makes no step in the ink.
 */
export function smooth(stroke: Stroke, brush: number, step: number): Dab[] {
  const first = stroke[0];
  if (!first) return [];
  let width = inkWidth(brush, first.pressure);
  const widths = stroke.map((p) => (width += 0.5 * (inkWidth(brush, p.pressure) - width)));
  const dabs: Dab[] = [{ x: first.x, y: first.y, width: widths[0]! }];
  let from = dabs[0]!;
  for (let i = 1; i < stroke.length; ++i) {
    const control = stroke[i - 1]!;
    const p = stroke[i]!;
    const last = i === stroke.length - 1;
    const to = last
      ? { x: p.x, y: p.y, width: widths[i]! }
      : { x: (control.x + p.x) / 2, y: (control.y + p.y) / 2, width: (widths[i - 1]! + widths[i]!) / 2 };
    const length = Math.hypot(control.x - from.x, control.y - from.y) + Math.hypot(to.x - control.x, to.y - control.y);
    const pieces = Math.max(1, Math.min(64, Math.ceil(length / step)));
    for (let k = 1; k <= pieces; ++k) {
      const u = k / pieces;
      const v = 1 - u;
      dabs.push({
        x: v * v * from.x + 2 * v * u * control.x + u * u * to.x,
        y: v * v * from.y + 2 * v * u * control.y + u * u * to.y,
        width: v * from.width + u * to.width,
      });
    }
    from = to;
  }
  return dabs;
}
