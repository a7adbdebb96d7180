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

/** Draws a glyph as the network gets it, pixel by pixel; whether its pixels are there. */
export function drawGlyph(canvas: HTMLCanvasElement, { normalized: glyph }: Glyph): boolean {
  const size = glyph ? glyph.width * glyph.height : 0;
  const bytes = glyph && size > 0 && size <= 65_536 ? bytesOf(glyph.data, size) : undefined;
  const context = canvas.getContext("2d");
  if (!glyph || !bytes || !context) return false;
  canvas.width = glyph.width;
  canvas.height = glyph.height;
  const image = context.createImageData(glyph.width, glyph.height);
  bytes.forEach((grey, i) => image.data.set([grey, grey, grey, 255], i * 4));
  context.putImageData(image, 0, 0);
  return true;
}
