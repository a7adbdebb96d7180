import * as api from "./api";
import { make } from "./dom";
import { inkOf, type Ink } from "./glyph";
import { t } from "./i18n";

// Pictures that this browser can't show, though the server reads them (TIFF and PNM, mostly): in their
// place stand what the network saw, each glyph where it stood, and the format.

const kSide = 280;
const kMargin = 0.18;
const kUnknown = "?";
/** Others may have failed on their way only. */
const kNeverShown = new Set(["TIFF", "PNM"]);

export interface Unshown {
  readonly format: string;
  readonly glyphs: readonly api.Glyph[];
}

/** The format of a file by its first bytes, of those that browsers hardly show. */
export function formatOf(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, 4));
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return "TIFF";
  return /^P[1-7]\s/.test(text) ? "PNM" : kUnknown;
}

/** "TIFF" for image/tiff. */
export function formatOfType(type: string): string {
  const [, name = ""] = /^image\/([a-z0-9.+-]+)/.exec(type.toLowerCase()) ?? [];
  if (name.startsWith("x-portable")) return "PNM";
  return name === "" ? kUnknown : name.toUpperCase();
}

export type Box = readonly [x: number, y: number, width: number, height: number];

/** Where boxes of a picture come to lie in a square of `side`: all of them, as large as it allows. */
export function fitted(boxes: readonly Box[], side: number): Box[] {
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const width = Math.max(...boxes.map(([x, , w]) => x + w)) - left;
  const height = Math.max(...boxes.map(([, y, , h]) => y + h)) - top;
  const scale = (side * (1 - 2 * kMargin)) / Math.max(1, width, height);
  const place = (at: number, from: number, span: number) => side / 2 + (at - from - span / 2) * scale;
  return boxes.map(([x, y, w, h]) => [place(x, left, width), place(y, top, height), w * scale, h * scale]);
}

function inked({ width, height, grey }: Ink): HTMLCanvasElement | undefined {
  const canvas = make("canvas", { width: String(width), height: String(height) });
  const context = canvas.getContext("2d");
  const image = context?.createImageData(width, height);
  if (!context || !image) return undefined;
  grey.forEach((ink, i) => image.data.set([28, 43, 58, ink], i * 4));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The glyphs in their places, dark on nothing; undefined where they have no pixels. */
function drawing(glyphs: readonly api.Glyph[]): HTMLCanvasElement | undefined {
  const seen = glyphs.flatMap((glyph) => {
    const ink = inkOf(glyph);
    return ink ? [{ ink, box: glyph.box }] : [];
  });
  const canvas = make("canvas", { width: String(kSide), height: String(kSide), "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  if (seen.length === 0 || !context) return undefined;
  const places = fitted(seen.map(({ box }) => box), kSide);
  seen.forEach(({ ink }, i) => {
    const source = inked(ink);
    const [x, y, width, height] = places[i]!;
    const [inkX, inkY, inkWidth, inkHeight] = ink.box;
    // By the longer sides: a page that lies on its side has its boxes so, its glyphs upright.
    const scale = Math.max(width, height) / Math.max(inkWidth, inkHeight);
    const [w, h] = [inkWidth * scale, inkHeight * scale];
    if (source) context.drawImage(source, inkX, inkY, inkWidth, inkHeight, x + (width - w) / 2, y + (height - h) / 2, w, h);
  });
  return canvas;
}

/** What stands for a picture that can't be shown. */
export function standIn(alt: string, { format, glyphs }: Unshown): HTMLElement {
  const badge = make("span", { class: "format" }, format);
  const tile = make("span", { class: "unshown", role: "img", "aria-label": alt, title: t("unshown") }, badge);
  const canvas = drawing(glyphs);
  if (canvas) tile.prepend(canvas);
  tile.classList.toggle("bare", !canvas);
  return tile;
}

// By their pictures' addresses: asked for once, and known the next time before an image fails.
const known = new Map<string, Unshown>();

async function lookUp(record: api.Recognition): Promise<Unshown> {
  const hasPixels = record.glyphs.every((glyph) => glyph.normalized);
  const [type, whole] = await Promise.all([api.pictureType(record), hasPixels ? record : api.show(record.id)]);
  const unshown = { format: formatOfType(type), glyphs: whole.glyphs };
  if (kNeverShown.has(unshown.format)) known.set(record.picture, unshown);
  return unshown;
}

/** Has an image of a kept picture, its source set or not, give way to its stand-in when it can't be shown. */
export function watchImage(image: HTMLImageElement, record: api.Recognition): HTMLElement {
  const place = (unshown: Unshown) => {
    const tile = standIn(image.alt, unshown);
    tile.classList.add(...image.classList);
    return tile;
  };
  const found = known.get(record.picture);
  if (found) return place(found);
  const fail = () => {
    const first = place({ format: kUnknown, glyphs: record.glyphs });
    image.replaceWith(first);
    // Where the server can't be asked, what is there must do.
    lookUp(record).then((unshown) => first.replaceWith(place(unshown)), () => {});
  };
  image.addEventListener("error", fail, { once: true });
  return image;
}
