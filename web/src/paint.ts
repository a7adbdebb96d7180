import { toPixels, type View } from "./geometry";
import { smooth } from "./smooth";
import type { Stroke } from "./strokes";

export interface Brush {
  /** In board units. */
  readonly width: number;
  /** 0 (soft as a pencil's side) to 1 (hard as a pen). */
  readonly hardness: number;
}

type Context = CanvasRenderingContext2D;

function paintHard(context: Context, strokes: readonly Stroke[], view: View, brush: Brush, colour: string): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.fillStyle = colour;
  for (const stroke of strokes) {
    const dabs = smooth(stroke, brush.width, 1.5 / view.scale);
    const start = dabs[0];
    if (!start) continue;
    const at = toPixels(view, start);
    const even = dabs.every((dab) => dab.width === start.width);
    if (dabs.length === 1 || !even) {
      context.beginPath();
      context.arc(at.x, at.y, (start.width * view.scale) / 2, 0, 2 * Math.PI);
      context.fill();
    }
    if (even) {
      context.lineWidth = start.width * view.scale;
      context.beginPath();
      context.moveTo(at.x, at.y);
      for (const dab of dabs) {
        const to = toPixels(view, dab);
        context.lineTo(to.x, to.y);
      }
      if (dabs.length > 1) context.stroke();
      continue;
    }
    let from = at;
    for (const dab of dabs) {
      const to = toPixels(view, dab);
      context.lineWidth = Math.max(0.5, dab.width * view.scale);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
      from = to;
    }
  }
}

let scratch: HTMLCanvasElement | undefined;

/**
 * Paints strokes in one colour. A soft brush is painted hard on a surface of its own, whose shadow
 * is then what is seen: the one way to blur that every browser's canvas has.
 */
export function paint(context: Context, strokes: readonly Stroke[], view: View, brush: Brush, colour: string): void {
  if (strokes.length === 0) return;
  if (brush.hardness >= 0.99) {
    paintHard(context, strokes, view, brush, colour);
    return;
  }
  const { width, height } = context.canvas;
  scratch ??= document.createElement("canvas");
  scratch.width = width;
  scratch.height = height;
  const hidden = scratch.getContext("2d");
  if (!hidden) return;
  const softness = 1 - brush.hardness;
  paintHard(hidden, strokes, view, { ...brush, width: brush.width * (1 - 0.3 * softness) }, colour);
  context.save();
  context.shadowColor = colour;
  context.shadowBlur = softness * brush.width * view.scale * 0.9;
  context.shadowOffsetX = width;
  context.drawImage(scratch, -width, 0);
  context.restore();
}
