import type { Glyph } from "./api";

/** Base64 to bytes; undefined when it is none or has another length than was said. */
export function bytesOf(base64: string, length: number): Uint8Array | undefined {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return undefined;
  }
  if (text.length !== length) return undefined;
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  /** What of it has ink. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

const kLeastInk = 32;

function pixelsOf({ normalized: glyph }: Glyph): Uint8Array | undefined {
  const size = glyph ? glyph.width * glyph.height : 0;
  return glyph && size > 0 && size <= 65_536 ? bytesOf(glyph.data, size) : undefined;
}

/** A glyph's pixels and where their ink is; undefined where it has none. */
export function inkOf(glyph: Glyph): Ink | undefined {
  const grey = pixelsOf(glyph);
  if (!glyph.normalized || !grey) return undefined;
  const { width, height } = glyph.normalized;
  const inked = [...grey.keys()].filter((i) => grey[i]! >= kLeastInk);
  if (inked.length === 0) return undefined;
  const xs = inked.map((i) => i % width);
  const ys = inked.map((i) => Math.floor(i / width));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { width, height, grey, box: [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1] };
}

/** Draws a glyph as the network gets it, pixel by pixel; whether its pixels are there. */
export function drawGlyph(canvas: HTMLCanvasElement, glyph: Glyph): boolean {
  const bytes = pixelsOf(glyph);
  const context = canvas.getContext("2d");
  if (!glyph.normalized || !bytes || !context) return false;
  const { width, height } = glyph.normalized;
  canvas.width = width;
  canvas.height = height;
  const image = context.createImageData(width, height);
  bytes.forEach((grey, i) => image.data.set([grey, grey, grey, 255], i * 4));
  context.putImageData(image, 0, 0);
  return true;
}
