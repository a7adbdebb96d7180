import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { DIGITS, hasProgram, MODELS, pgmOf, pngOf, PROGRAM, Rig, tiffOf } from "./harness.mjs";

const SEVEN = pngOf(DIGITS[7]);
const THREE = pngOf(DIGITS[3]);
const file = (name, buffer) => ({ name, mimeType: "image/png", buffer });
// The console says of itself that a request was refused.
const REFUSED = /Failed to load resource.*(400|413|415|422)/;

let rig;
before(async () => void (rig = await Rig.start()));
after(() => rig?.stop());

/** What a drop or a paste carries, as the browser would make it. */
function bring(page, kind, name, bytes) {
  return page.evaluate(
    ([kind, name, base64]) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      data.items.add(new File([content], name, { type: "image/png" }));
      const event =
        kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [kind, name, bytes.toString("base64")],
  );
}

const result = (page, name) => page.locator(".result", { hasText: name });

describe("pictures", () => {
  it("give one answer for one picture: page, HTTP and command line", { skip: !hasProgram && "there is no program to run" }, () =>
    rig.visit({ path: "/#pictures" }, async (page, context) => {
      const folder = mkdtempSync(join(tmpdir(), "longhand-picture-"));
      try {
        for (const [name, picture] of [["seven.png", SEVEN], ["three.png", THREE]]) {
          await page.setInputFiles("#files", file(name, picture));
          await result(page, name).locator(".big").waitFor();
          const shown = await result(page, name).locator(".big").innerText();
          const [record] = await rig.kept(context);
          const path = join(folder, name);
          writeFileSync(path, picture);
          const posted = await rig.api(context, "/recognitions?keep=false", { method: "POST", headers: { "Content-Type": "image/png" }, body: picture });
          const printed = JSON.parse(execFileSync(PROGRAM, ["recognize", "--json", "--models", MODELS, path], { encoding: "utf8" }));
          const said = (reading) => [reading.text, reading.confidence, reading.rejected, reading.model, reading.glyphs.map((glyph) => [glyph.box, glyph.candidates])];
          assert.deepEqual(said(posted.body), said(printed));
          assert.deepEqual(said(record), said(printed));
          assert.equal(shown, printed.rejected ? "not sure" : printed.text);
          assert.equal(shown, name === "seven.png" ? "7" : "3");
          assert.equal(record.name, name);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }));

  for (const kind of ["paste", "drop"]) {
    it(`are read by ${kind}, from wherever one is`, () =>
      rig.visit({ path: "/" }, async (page, context) => {
        await bring(page, kind, `${kind}.png`, SEVEN);
        await result(page, `${kind}.png`).locator(".big").waitFor();
        assert.equal(await result(page, `${kind}.png`).locator(".big").innerText(), "7");
        assert.equal(new URL(page.url()).hash, "#pictures");
        assert.equal((await rig.kept(context))[0].name, `${kind}.png`);
      }));
  }

  it("come several at once; one that is none says why and what is taken, the others are read", () =>
    rig.visit({ path: "/#pictures", expected: REFUSED }, async (page, context) => {
      await page.setInputFiles("#files", [
        file("seven.png", SEVEN),
        file("notes.png", Buffer.from("these are notes, not a picture")),
        file("torn.png", SEVEN.subarray(0, SEVEN.length / 2)),
        file("nothing.png", Buffer.alloc(0)),
        file("three.png", THREE),
      ]);
      await page.waitForFunction(() => document.querySelectorAll('.result[aria-busy="false"]').length === 5);
      assert.equal(await result(page, "seven.png").locator(".big").innerText(), "7");
      assert.equal(await result(page, "three.png").locator(".big").innerText(), "3");
      for (const name of ["notes.png", "torn.png", "nothing.png"]) {
        const words = await result(page, name).locator(".refusal").innerText();
        assert.match(words, /Not read/);
        assert.match(words, /PNG, JPEG, WebP, BMP, GIF, TIFF, PNM; up to 16 MB/);
        assert.ok(words.split("\n").filter((line) => line.trim() !== "").length >= 3, `${name} says why: ${words}`);
      }
      assert.deepEqual((await rig.kept(context)).map((record) => record.name).sort(), ["seven.png", "three.png"]);
    }));

  it("too large are refused with the limit", () =>
    rig.visit({ path: "/#pictures", expected: REFUSED }, async (page) => {
      const folder = mkdtempSync(join(tmpdir(), "longhand-large-"));
      try {
        const path = join(folder, "large.png");
        writeFileSync(path, Buffer.concat([SEVEN, Buffer.alloc(17 * 1024 * 1024)]));
        await page.setInputFiles("#files", path);
        await result(page, "large.png").locator(".refusal").waitFor();
        assert.match(await result(page, "large.png").locator(".refusal").innerText(), /16/);
        assert.equal(await page.locator("#offline").isVisible(), false);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }));

  it("can be corrected where they are shown", () =>
    rig.visit({ path: "/#pictures" }, async (page, context) => {
      await page.setInputFiles("#files", file("seven.png", SEVEN));
      const guess = result(page, "seven.png").locator(".guess").nth(1);
      const text = await guess.getAttribute("data-text");
      await guess.click();
      await result(page, "seven.png").locator(`.guess[data-text="${text}"][aria-pressed=true]`).waitFor();
      assert.equal((await rig.kept(context))[0].label, text);
    }));

  it("are shown with their names as text, whatever those are", () =>
    rig.visit({ path: "/#pictures" }, async (page, context) => {
      const names = ['<img src=x onerror="window.hurt=1">.png', '"><script>window.hurt=1</script>.png', "{{7*7}}'\"`.png"];
      for (const name of names) {
        await bring(page, "drop", name, SEVEN);
      }
      await page.waitForFunction(() => document.querySelectorAll('.result[aria-busy="false"] .big').length === 3);
      const shown = await page.locator(".result-name").allInnerTexts();
      assert.deepEqual(shown.sort(), [...names].sort());
      for (const { id } of await rig.kept(context)) {
        await rig.api(context, `/recognitions/${id}/label`, {
          method: "PUT",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ text: "<img src=x onerror=window.hurt=1>" }),
        });
      }
      await page.goto(`${rig.url}/#history`);
      await page.reload();
      await page.locator("#list .card").first().click();
      await page.locator("#detail .facts").waitFor();
      assert.match(await page.locator("#detail .big").innerText(), /<img src=x/);
      assert.equal(await page.evaluate(() => globalThis.hurt), undefined);
      assert.equal(await page.locator("#detail img[src=x], #list img[src=x], #results img[src=x]").count(), 0);
    }));
});

describe("pictures that the browser can't show", () => {
  const TIFF = tiffOf(DIGITS[7]);
  const PNM = pgmOf(DIGITS[3]);
  /** How much of a stand-in has ink. */
  const inkOf = (tile) =>
    tile.locator("canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((alpha, i) => i % 4 === 3 && alpha > 128).length / (canvas.width * canvas.height);
    });
  const hasGlyph = async (tile, format) => {
    await tile.locator("canvas").waitFor();
    assert.equal(await tile.locator(".format").innerText(), format);
    const ink = await inkOf(tile);
    assert.ok(ink > 0.03 && ink < 0.5, `${ink} of it is ink`);
  };
  const broken = (page) =>
    page.evaluate(() => [...document.images].filter((image) => image.checkVisibility() && image.complete && image.naturalWidth === 0).length);

  it("have their format and what was seen in their place, wherever they stand", () =>
    rig.visit({ path: "/#pictures", expected: REFUSED }, async (page, context) => {
      await page.setInputFiles("#files", [
        { name: "seven.tif", mimeType: "image/tiff", buffer: TIFF },
        { name: "three.pgm", mimeType: "", buffer: PNM },
        { name: "cut.tif", mimeType: "image/tiff", buffer: TIFF.subarray(0, 999) },
      ]);
      await hasGlyph(result(page, "seven.tif").locator(".unshown"), "TIFF");
      await hasGlyph(result(page, "three.pgm").locator(".unshown"), "PNM");
      assert.equal(await result(page, "cut.tif").locator(".unshown.bare .format").innerText(), "TIFF");
      assert.equal(await broken(page), 0);
      assert.equal((await rig.kept(context)).length, 2);
      // Anew, so that the page has of them what a list brings, which is no pixels.
      await page.goto(`${rig.url}/#history`);
      await page.reload();
      const card = (text) => page.locator("#list .card", { hasText: text });
      await hasGlyph(card("7").locator(".unshown"), "TIFF");
      await hasGlyph(card("3").locator(".unshown"), "PNM");
      await card("7").click();
      await hasGlyph(page.locator("#detail .unshown"), "TIFF");
      assert.equal(await page.locator("#detail .unshown").getAttribute("aria-label"), "Picture of seven.tif");
      assert.equal(await broken(page), 0);
    }));

  it("have one on the original's route too", () =>
    rig.visit({ path: `/?pic=data:image/tiff;base64,${encodeURIComponent(tiffOf(DIGITS[7], 60, 5).toString("base64"))}` }, async (page) => {
      assert.equal(await page.locator("#result").innerText(), "7");
      await hasGlyph(page.locator("#reading .unshown"), "TIFF");
    }));

  it("have one also when a picture of another kind fails on its way", () =>
    rig.visit({ expected: /Failed to load resource/ }, async (page, context) => {
      await page.route("**/picture", (route) => (route.request().method() === "HEAD" ? route.continue() : route.abort()));
      await rig.api(context, "/recognitions?name=seven.png", { method: "POST", headers: { "Content-Type": "image/png" }, body: SEVEN });
      await hasGlyph(page.locator("#strip .unshown"), "PNG");
    }));
});

describe("the original's route", () => {
  const url = (picture) => `/?pic=data:image/png;base64,${picture.toString("base64")}`;

  it("answers with this page and the reading in it, spaces for pluses included", () =>
    rig.visit({ path: url(SEVEN).replaceAll("+", "%20") }, async (page, context) => {
      assert.equal(await page.locator("#result").innerText(), "7");
      assert.equal(await page.evaluate(() => document.getElementById("picture").complete && document.getElementById("picture").naturalWidth), 140);
      assert.equal((await rig.kept(context)).length, 1);
      await page.locator("#reading button").click();
      await page.locator("#detail .facts").waitFor();
    }));

  it("says in the page why it reads nothing", () =>
    rig.visit({ path: "/?pic=data:image/png;base64,AAAA", expected: REFUSED }, async (page) => {
      assert.match(await page.locator("#result.error").innerText(), /PNG/);
      await page.locator("#board").waitFor();
    }));
});
