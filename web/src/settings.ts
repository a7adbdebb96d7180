// What the page remembers in this browser. Storage may be full or forbidden: then it remembers
// nothing and works all the same.

const kPrefix = "longhand.";

export function load(name: string): string | null {
  try {
    return localStorage.getItem(kPrefix + name);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(kPrefix + name, value);
  } catch {
    // Remembering is a convenience.
  }
}

/** A remembered number, if it is one between `least` and `most`; `otherwise` if not. */
export function loadNumber(name: string, least: number, most: number, otherwise: number): number {
  const text = load(name);
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : otherwise;
}
