// For work on the page alone: serves web/dist under the server's policy with an API that keeps its
// records in memory and makes its readings up from the number of strokes. Nothing else uses it.
//   node dev/mock.mjs [port]
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(fileURLToPath(new URL(".", import.meta.url)), "../dist");
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const kDigits = [..."0123456789"];
const kAlphanumeric = [...kDigits, ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const records = new Map();
const listeners = new Set();
let count = 0;

function normalized(strokes) {
  const points = strokes.flat();
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const [x0, y0] = [Math.min(...xs), Math.min(...ys)];
  const span = Math.max(Math.max(...xs) - x0, Math.max(...ys) - y0, 1);
  const at = (p) => [4 + ((p[0] - x0) / span) * 19, 4 + ((p[1] - y0) / span) * 19];
  const data = Buffer.alloc(784);
  for (const stroke of strokes) {
    stroke.forEach((p, i) => {
      const [ax, ay] = at(stroke[Math.max(0, i - 1)]);
      const [bx, by] = at(p);
      for (let k = 0; k <= 20; ++k) {
        const [x, y] = [ax + ((bx - ax) * k) / 20, ay + ((by - ay) * k) / 20];
        for (let dy = -2; dy <= 2; ++dy) {
          for (let dx = -2; dx <= 2; ++dx) {
            const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
            if (px < 0 || py < 0 || px > 27 || py > 27) continue;
            const near = Math.max(0, 1 - Math.max(0, Math.hypot(px - x, py - y) - 0.7) / 1.2);
            data[py * 28 + px] = Math.max(data[py * 28 + px], near * 255);
          }
        }
      }
    });
  }
  return { width: 28, height: 28, data: data.toString("base64") };
}

// Strokes that overlap from left to right are one glyph.
function groups(strokes) {
  const span = (stroke) => [Math.min(...stroke.map((p) => p[0])), Math.max(...stroke.map((p) => p[0]))];
  const sorted = strokes.map((stroke) => ({ stroke, from: span(stroke)[0], to: span(stroke)[1] })).sort((a, b) => a.from - b.from);
  const all = [];
  for (const { stroke, from, to } of sorted) {
    const last = all[all.length - 1];
    if (!last || from > last.to) all.push({ strokes: [stroke], from, to });
    else last.strokes.push(stroke), (last.to = Math.max(last.to, to));
  }
  return all;
}

function reading(strokes, model, alphabet = "digits") {
  const several = !model && strokes ? groups(strokes) : [];
  if (several.length < 2) return glyphReading(strokes, model, alphabet);
  const all = several.map((group) => ({ group, read: glyphReading(group.strokes, model, alphabet) }));
  return {
    ...all[0].read,
    text: all.map(({ read }) => read.glyphs[0].text).join(""),
    confidence: all.reduce((product, { read }) => product * read.confidence, 1),
    rejected: false,
    glyphs: all.map(({ group, read }) => ({ ...read.glyphs[0], box: [group.from, 0, group.to - group.from, 10] })),
  };
}

function glyphReading(strokes, model, alphabet) {
  const number = strokes ? (6 + strokes.length) % 10 : 3;
  const rejected = strokes && strokes.length > 4;
  const confidences = rejected ? [0.31, 0.24, 0.12, 0.09, 0.05] : strokes?.length === 2 ? [0.61, 0.3, 0.05, 0.02, 0.01] : [0.9921, 0.0051, 0.0012, 0.0004, 0.0001];
  const candidates = confidences.map((confidence, i) => ({ text: String((number + i * 3) % 10), confidence }));
  return {
    alphabet,
    text: rejected ? "" : candidates[0].text,
    confidence: candidates[0].confidence,
    rejected: Boolean(rejected),
    glyphs: [{ box: [0, 0, 10, 10], text: candidates[0].text, confidence: candidates[0].confidence, candidates, normalized: strokes ? normalized(strokes) : undefined }],
    model: { name: model ?? "digits", version: "0123456789ab" },
    elapsed_us: 212,
  };
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", "Content-Security-Policy": policy, ...headers });
  response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

const problem = (response, status, detail) => send(response, status, { title: "No", status, detail }, { "Content-Type": "application/problem+json" });

function svgOf(strokes) {
  const points = strokes.flat();
  const [x0, y0] = [Math.min(...points.map((p) => p[0])), Math.min(...points.map((p) => p[1]))];
  const span = Math.max(...points.map((p) => Math.max(p[0] - x0, p[1] - y0)), 1);
  const lines = strokes.map((s) => `<polyline fill="none" stroke="#000" stroke-width="12" stroke-linecap="round" points="${s.map((p) => `${24 + ((p[0] - x0) / span) * 232},${24 + ((p[1] - y0) / span) * 232}`).join(" ")}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="280" height="280" viewBox="0 0 280 280"><rect width="280" height="280" fill="#fff"/>${lines.join("")}</svg>`;
}

function create(url, type, body, response) {
  const asked = type === "application/json" ? JSON.parse(body) : {};
  if (type !== "application/json" && body.subarray(0, 4).toString("latin1") !== "\x89PNG") {
    return problem(response, 415, "the picture is none of PNG, JPEG, WebP, BMP, GIF, TIFF, PNM");
  }
  const read = reading(asked.strokes, asked.model, asked.alphabet ?? url.searchParams.get("alphabet") ?? undefined);
  if (url.searchParams.get("keep") === "false") return send(response, 200, read);
  count += 1;
  const id = `0190${String(Date.now()).padStart(14, "0")}-${String(count).padStart(6, "0")}`;
  const name = url.searchParams.get("name") ?? "";
  const record = { id, created_at: new Date().toISOString(), ...read, name, mode: "glyph", stored: "durable", label: null, picture: `/api/v1/recognitions/${id}/picture` };
  records.set(id, { record, bytes: asked.strokes ? svgOf(asked.strokes) : body, type: asked.strokes ? "image/svg+xml" : "image/png" });
  for (const listener of listeners) listener.write(`event: recognition\ndata: ${JSON.stringify(record)}\n\n`);
  return send(response, 201, record);
}

function api(request, response, url, body) {
  const [, , , kind, id, part] = url.pathname.split("/");
  if (kind === "models") return send(response, 200, { models: [{ name: "digits", characters: kDigits }, { name: "alphanumeric", characters: kAlphanumeric }, { name: "numberrec-2018", characters: kDigits }] });
  if (kind === "events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(":\n\n");
    listeners.add(response);
    return request.on("close", () => listeners.delete(response));
  }
  if (!id && request.method === "POST") return create(url, request.headers["content-type"], body, response);
  if (!id) {
    const all = [...records.values()].map((r) => r.record).reverse();
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const start = url.searchParams.has("cursor") ? all.findIndex((r) => r.id < url.searchParams.get("cursor")) : 0;
    const page = all.slice(start, start + limit);
    return send(response, 200, { recognitions: page, next: start + limit < all.length ? page[page.length - 1].id : null });
  }
  const found = records.get(id);
  if (!found) return problem(response, 404, "there is no recognition of that id");
  if (part === "picture") return send(response, 200, found.bytes, { "Content-Type": found.type });
  if (part === "label") {
    found.record.label = request.method === "DELETE" ? null : JSON.parse(body).text;
    return send(response, 200, found.record);
  }
  if (request.method === "DELETE") {
    records.delete(id);
    return send(response, 204, "");
  }
  return send(response, 200, found.record);
}

createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    if (url.pathname === "/healthz") return send(response, 200, "ok\n");
    if (url.pathname.startsWith("/api/")) return api(request, response, url, Buffer.concat(chunks));
    const path = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
    if (!path.startsWith(dist) || !existsSync(path)) return problem(response, 404, "there is nothing at this path");
    return send(response, 200, readFileSync(path), { "Content-Type": types[extname(path)] ?? "application/octet-stream" });
  });
}).listen(Number(process.argv[2] ?? 8181), "127.0.0.1");
