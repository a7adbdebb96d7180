import type { Point, Stroke } from "./strokes";

// The drawing that is not kept yet, for a page that is loaded anew. It stays in this tab and goes with
// it (sessionStorage); where there is no room for it, or no storage at all, it is lost as before.

const kName = "longhand.draft";
/** Of the text; storages take about 5 MB in all. */
const kMostText = 1_000_000;
const kMostStrokes = 2_000;
const kMostPoints = 20_000;
/** Board units: far more than any board is wide. */
const kFarthest = 100_000;

function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined; // forbidden
  }
}

const rounded = (n: number, unit: number) => Math.round(n * unit) / unit;

export function forgetDraft(): void {
  try {
    storage()?.removeItem(kName);
  } catch {
    // Nothing was there, then.
  }
}

/** Puts a drawing in the place of the one before; one that is too large leaves none. */
export function storeDraft(strokes: readonly Stroke[]): void {
  const point = ({ x, y, t, pressure }: Point) => {
    const at = [rounded(x, 100), rounded(y, 100), Math.round(t)];
    return pressure === undefined ? at : [...at, rounded(pressure, 1000)];
  };
  const text = JSON.stringify(strokes.map((stroke) => stroke.map(point)));
  // Half a drawing, or an older one, would not be what was written.
  forgetDraft();
  if (text.length > kMostText) return;
  try {
    storage()?.setItem(kName, text);
  } catch {
    // It is full.
  }
}

function pointOf(given: unknown): Point | undefined {
  if (!Array.isArray(given) || given.length < 3 || given.length > 4) return undefined;
  const [x, y, t, pressure] = given as unknown[];
  const within = (n: unknown, least: number, most: number): n is number => typeof n === "number" && n >= least && n <= most;
  if (!within(x, -kFarthest, kFarthest) || !within(y, -kFarthest, kFarthest) || !within(t, 0, Number.MAX_SAFE_INTEGER)) return undefined;
  if (pressure === undefined) return { x, y, t };
  return within(pressure, 0, 1) ? { x, y, t, pressure } : undefined;
}

/** The strokes of a draft's text; none when any of it is not as it was stored. */
export function draftOf(text: string): Stroke[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(given) || given.length > kMostStrokes) return [];
  const strokes: Stroke[] = [];
  let points = 0;
  for (const stroke of given as unknown[]) {
    if (!Array.isArray(stroke) || stroke.length === 0 || (points += stroke.length) > kMostPoints) return [];
    const read = stroke.map(pointOf);
    if (read.includes(undefined)) return [];
    strokes.push(read as Point[]);
  }
  return strokes;
}

export function loadDraft(): Stroke[] {
  try {
    return draftOf(storage()?.getItem(kName) ?? "");
  } catch {
    return [];
  }
}
