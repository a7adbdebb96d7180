// The server's API as the page uses it.

export interface Candidate {
  text: string;
  confidence: number;
}

export interface Glyph {
  box: [number, number, number, number];
  text: string;
  confidence: number;
  candidates: Candidate[];
  /** `data` is base64 of width * height grey bytes. */
  normalized?: { width: number; height: number; data: string };
}

export interface Reading {
  alphabet: string;
  text: string;
  confidence: number;
  rejected: boolean;
  glyphs: Glyph[];
  model: { name: string; version: string };
  elapsed_us: number;
}

export interface Recognition extends Reading {
  id: string;
  created_at: string;
  name: string;
  label: string | null;
  picture: string;
}

export interface Page {
  recognitions: Recognition[];
  next: string | null;
}

export interface Model {
  name: string;
  alphabet: string;
  characters: string[];
}

/**
 * The server answered that it won't: `code` says why, `detail` more of it in its own English. Either
 * is empty where something in between answered.
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** No answer came: the server or the way to it is down. */
export class Unreachable extends Error {}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  const refusal = await refusalOf(response);
  // What a proxy answers for a server that is gone.
  if (refusal.code === "" && (response.status === 502 || response.status === 504)) throw new Unreachable(response.statusText);
  throw refusal;
}

async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const problem: unknown = await response.json();
    if (typeof problem === "object" && problem !== null) {
      const { code, detail } = problem as { code?: unknown; detail?: unknown };
      return new Refusal(response.status, typeof code === "string" ? code : "", typeof detail === "string" ? detail : "");
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    // A proxy's error page, say; its status must do.
  }
  return new Refusal(response.status, "", "");
}

async function askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, init);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Unreachable("the answer broke off");
  }
}

const kRecognitions = "/api/v1/recognitions";

function json(body: unknown, method = "POST"): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function pathOf(id: string): string {
  return `${kRecognitions}/${encodeURIComponent(id)}`;
}

// One character, a number, a word or a page: the server finds out.
const kMode = "auto";

/** Reads strokes without recording them. */
export function read(strokes: number[][][], alphabet: string, signal: AbortSignal): Promise<Reading> {
  return askJson(`${kRecognitions}?keep=false&normalized=true`, { ...json({ strokes, alphabet, mode: kMode }), signal });
}

/** Reads a picture by a certain network, without recording it. */
export function readBy(model: string, image: string, signal: AbortSignal): Promise<Reading> {
  return askJson(`${kRecognitions}?keep=false`, { ...json({ image, model }), signal });
}

/** Reads strokes and records them; what it gives is recorded durably. */
export function keep(strokes: number[][][], alphabet: string): Promise<Recognition> {
  return askJson(`${kRecognitions}?normalized=true`, json({ strokes, alphabet, mode: kMode }));
}

/** Reads and records a picture. The server looks at the bytes; what the browser takes them for only helps it. */
export function keepPicture(file: Blob, name: string, alphabet: string): Promise<Recognition> {
  const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
  const asked = new URLSearchParams({ normalized: "true", name, alphabet, mode: kMode });
  return askJson(`${kRecognitions}?${asked}`, {
    method: "POST",
    headers: { "Content-Type": type },
    body: file,
  });
}

export function list(cursor: string | null, limit: number): Promise<Page> {
  const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  return askJson(`${kRecognitions}?limit=${limit}${from}`);
}

export function show(id: string): Promise<Recognition> {
  return askJson(`${pathOf(id)}?normalized=true`);
}

/** The media type of a kept picture. */
export async function pictureType(record: Recognition): Promise<string> {
  return (await ask(record.picture, { method: "HEAD" })).headers.get("Content-Type") ?? "";
}

/** Records what was really written; null takes a correction back. */
export function label(id: string, text: string | null): Promise<Recognition> {
  const init = text === null ? { method: "DELETE" } : json({ text }, "PUT");
  return askJson(`${pathOf(id)}/label`, init);
}

export async function remove(id: string): Promise<void> {
  await ask(pathOf(id), { method: "DELETE" });
}

export async function models(): Promise<Model[]> {
  return (await askJson<{ models: Model[] }>("/api/v1/models")).models;
}

/** Whether the server answers at all. */
export async function isThere(): Promise<boolean> {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

export const kEvents = "/api/v1/events";
