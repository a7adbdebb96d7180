// What the browser tests share: a server, Chromium, pages that watch themselves, hands and pictures.
//
// LONGHAND_URL names a server that runs already; without it LONGHAND_BIN (a folder with `longhand`,
// build/release/bin by default) is started on a free port with a store of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PROGRAM = join(process.env.LONGHAND_BIN ?? join(ROOT, "build/release/bin"), "longhand");
export const MODELS = process.env.LONGHAND_MODELS ?? join(ROOT, "models");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const hasProgram = existsSync(PROGRAM);
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** `longhand serve` in a process of its own. */
export class Server {
  static async start() {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), "longhand-browser-"));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    await server.run();
    return server;
  }

  async run() {
    this.log = "";
    this.process = spawn(
      PROGRAM,
      ["serve", "--listen", `127.0.0.1:${this.port}`, "--store", `sqlite:${join(this.folder, "records.db")}`, "--models", MODELS],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    this.ended = new Promise((resolve) => this.process.once("exit", (code, signal) => resolve(code ?? signal)));
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    for (const end = Date.now() + 30_000; ; await wait(50)) {
      assert.equal(this.process.exitCode, null, `the server ended: ${this.log}`);
      assert.ok(Date.now() < end, `the server does not answer: ${this.log}`);
      if (await fetch(`${this.url}/healthz`).then((r) => r.ok, () => false)) return;
    }
  }

  /** As when the machine loses power, but for the disk. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.process.kill("SIGTERM");
    const code = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    assert.equal(code, 0, this.log);
  }
}

/** The server under test and a browser, for all the tests of one file. */
export class Rig {
  static async start() {
    const rig = new Rig();
    if (!process.env.LONGHAND_URL) rig.server = await Server.start();
    rig.url = (process.env.LONGHAND_URL ?? rig.server.url).replace(/\/$/, "");
    rig.browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return rig;
  }

  async stop() {
    await this.browser?.close();
    await this.server?.stop();
  }

  /**
   * Opens the page as a new visitor, runs `act` and then holds the page to what must always be so:
   * nothing from other hosts, nothing against its policy, no error in the console but those that
   * `expected` matches.
   */
  async visit(options, act) {
    const { path = "/", expected, ready = true, ...contextOptions } = options;
    const context = await this.browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      ...contextOptions,
    });
    context.setDefaultTimeout(60_000);
    const errors = [];
    const foreign = [];
    try {
      await context.addInitScript(() => {
        globalThis.violations = [];
        document.addEventListener("securitypolicyviolation", (event) =>
          globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
        );
      });
      context.on("request", (request) => {
        const url = new URL(request.url());
        if (/^https?:$/.test(url.protocol) && url.origin !== new URL(this.url).origin) foreign.push(request.url());
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        // The tests themselves read canvases back.
        if (message.text().includes("willReadFrequently")) return;
        if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
      });
      await page.goto(this.url + path);
      if (ready) await page.locator("#where.up").waitFor();
      await act(page, context);
      assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "against the page's policy");
      assert.deepEqual(foreign, [], "requests to other hosts");
      assert.deepEqual(errors.filter((text) => !expected?.test(text)), [], "errors in the console");
    } finally {
      await context.close();
    }
  }

  /** The API as the visitor of a context sees it. */
  async api(context, path, init = {}) {
    const cookies = (await context.cookies(this.url)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const response = await fetch(`${this.url}/api/v1${path}`, { ...init, headers: { Cookie: cookies, ...init.headers } });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  async kept(context) {
    return (await this.api(context, "/recognitions?limit=200")).body.recognitions;
  }
}

// Digits as a hand writes them, in a box from -0.5 to 0.5.
const arc = (cx, cy, rx, ry, from, to) =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

export const DIGITS = {
  0: [arc(0, 0, 0.25, 0.4, -90, 272)],
  1: [[[0, -0.4], [0, -0.2], [0, 0], [0, 0.2], [0, 0.4]]],
  2: [[...arc(0, -0.2, 0.24, 0.2, 190, 385), [0.05, 0.15], [-0.26, 0.4], [0, 0.4], [0.3, 0.39]]],
  3: [[...arc(0, -0.2, 0.22, 0.19, 200, 440), ...arc(0, 0.19, 0.25, 0.21, -80, 150)]],
  7: [[[-0.26, -0.36], [0, -0.37], [0.26, -0.37], [0.14, -0.1], [0.03, 0.15], [-0.05, 0.4]]],
};

export const LETTERS = {
  A: [[[-0.3, 0.4], [-0.15, 0], [0, -0.4], [0.15, 0], [0.3, 0.4]], [[-0.19, 0.12], [0, 0.12], [0.19, 0.12]]],
};

export const SIGNS = {
  ".": [[[-0.01, 0.38], [0.01, 0.39], [0.02, 0.4]]],
  "-": [[[-0.22, 0], [-0.1, 0], [0.1, 0], [0.22, 0]]],
  "/": [[[0.22, -0.46], [0.1, -0.2], [-0.1, 0.22], [-0.22, 0.46]]],
};
const SHAPES = { ...DIGITS, ...SIGNS };

/** Digits and signs in a row, well apart, each `size` high. */
export function rowOf(digits, { y = 0, size = 0.5 } = {}) {
  return digits.flatMap((digit, i) => {
    const x = (i - (digits.length - 1) / 2) * 1.1 * size;
    return SHAPES[digit].map((stroke) => stroke.map(([px, py]) => [x + px * size, y + py * size]));
  });
}

/** Where a digit's points lie on the page's board. */
async function placed(page, strokes, { x = 0, y = 0, size = 0.8 } = {}) {
  const box = await page.locator("#ink").boundingBox();
  const side = Math.min(box.width, box.height) * size;
  return strokes.map((stroke) =>
    stroke.map(([px, py]) => ({ x: box.x + box.width / 2 + (x + px) * side, y: box.y + box.height / 2 + (y + py) * side })),
  );
}

/** Points in between, as a device reports them. */
function dense(stroke, step = 12) {
  const points = [stroke[0]];
  for (let i = 1; i < stroke.length; ++i) {
    const [a, b] = [stroke[i - 1], stroke[i]];
    const pieces = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / step));
    for (let k = 1; k <= pieces; ++k) points.push({ x: a.x + ((b.x - a.x) * k) / pieces, y: a.y + ((b.y - a.y) * k) / pieces });
  }
  return points;
}

export async function drawByMouse(page, strokes, place) {
  for (const stroke of await placed(page, strokes, place)) {
    await page.mouse.move(stroke[0].x, stroke[0].y);
    await page.mouse.down();
    for (const point of dense(stroke)) await page.mouse.move(point.x, point.y);
    await page.mouse.up();
  }
}

export async function drawByTouch(page, strokes, place) {
  const devtools = await page.context().newCDPSession(page);
  const send = (type, points) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  for (const stroke of await placed(page, strokes, place)) {
    await send("touchStart", [stroke[0]]);
    for (const point of dense(stroke)) await send("touchMove", [point]);
    await send("touchEnd", []);
  }
  await devtools.detach();
}

export async function drawByPen(page, strokes, place, force = (part) => 0.2 + 0.6 * part) {
  const devtools = await page.context().newCDPSession(page);
  const send = (type, point, part, buttons) =>
    devtools.send("Input.dispatchMouseEvent", {
      type,
      ...point,
      pointerType: "pen",
      button: type === "mouseMoved" ? "none" : "left",
      buttons,
      clickCount: type === "mouseMoved" ? 0 : 1,
      force: buttons === 0 ? 0 : force(part),
    });
  for (const stroke of await placed(page, strokes, place)) {
    const points = dense(stroke);
    await send("mousePressed", points[0], 0, 1);
    for (const [i, point] of points.entries()) await send("mouseMoved", point, i / points.length, 1);
    await send("mouseReleased", points[points.length - 1], 1, 0);
  }
  await devtools.detach();
}

/** Writes a number on the board. */
export async function drawRow(page, digits, { draw = drawByMouse, size = Math.min(0.55, 1.3 / digits.length) } = {}) {
  await draw(page, rowOf(digits, { size }), { size: 1 });
}

/** The reading that the page shows, once it is that of what is on the board now. */
export async function shownReading(page) {
  await page.locator("#answer[aria-busy=false] .big").waitFor();
  return page.locator("#answer-text").innerText();
}

/** How many pixels of the board have ink. */
export function inkOnBoard(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const canvas = document.getElementById("ink");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 3; i < data.length; i += 4) count += data[i] > 128 ? 1 : 0;
            resolve(count);
          }),
        ),
      ),
  );
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; ++k) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A digit as grey bytes, row by row, dark on white. */
function greyOf(strokes, size, pen) {
  const grey = Buffer.alloc(size * size);
  for (let i = 0; i < grey.length; ++i) {
    const [u, v] = [(i % size) / size - 0.5, Math.floor(i / size) / size - 0.5].map((n) => n / 0.8);
    let nearest = Infinity;
    for (const stroke of strokes) {
      for (let k = 1; k < stroke.length; ++k) {
        const [[ax, ay], [bx, by]] = [stroke[k - 1], stroke[k]];
        const [dx, dy] = [bx - ax, by - ay];
        const along = Math.max(0, Math.min(1, ((u - ax) * dx + (v - ay) * dy) / (dx * dx + dy * dy || 1)));
        nearest = Math.min(nearest, Math.hypot(u - ax - along * dx, v - ay - along * dy));
      }
    }
    const cover = Math.max(0, Math.min(1, pen / 2 - nearest * size * 0.8 + 0.5));
    grey[i] = Math.round(255 - 230 * cover);
  }
  return grey;
}

/** A digit as a grey PNG, dark on white. */
export function pngOf(strokes, size = 140, pen = 9) {
  const grey = greyOf(strokes, size, pen);
  const rows = Array.from({ length: size }, (_, y) => [Buffer.alloc(1), grey.subarray(y * size, (y + 1) * size)]).flat();
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export function pgmOf(strokes, size = 140, pen = 9) {
  return Buffer.concat([Buffer.from(`P5 ${size} ${size} 255\n`), greyOf(strokes, size, pen)]);
}

/** One strip, as it is. */
export function tiffOf(strokes, size = 140, pen = 9) {
  const grey = greyOf(strokes, size, pen);
  // Width, height, bits, no compression, black is zero, where, samples, rows, bytes.
  const tags = [[256, size], [257, size], [258, 8], [259, 1], [262, 1], [273, 8], [277, 1], [278, size], [279, grey.length]];
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(head.length + grey.length, 4);
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(4, 4 + 12 * i); // 32 bits
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  });
  return Buffer.concat([head, grey, directory]);
}
