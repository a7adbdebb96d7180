import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { DIGITS, drawByMouse, drawByTouch, drawRow, pngOf, Rig, shownReading } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

// The console says of itself that a request was refused.
const REFUSED = /Failed to load resource.*(413|415|422)/;
const LYING = { ...PHONE, viewport: { width: 740, height: 360 } };

let rig;
before(async () => void (rig = await Rig.start()));
after(() => rig?.stop());

/** What axe-core has against the page as it stands, WCAG 2.2 AA. */
async function faults(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly: tags });
    return violations.map((v) => `${v.id}: ${v.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
  });
}

describe("for everybody", () => {
  for (const [name, options] of [
    ["in light", {}],
    ["in dark", { colorScheme: "dark" }],
    ["in Chinese on a telephone", { ...PHONE, locale: "zh-CN" }],
  ]) {
    it(`every state keeps to WCAG 2.2 AA ${name}`, () =>
      rig.visit({ ...options, expected: /Failed to load resource.*415/ }, async (page) => {
        assert.deepEqual(await faults(page), [], "empty");
        await drawByMouse(page, DIGITS[7]);
        await shownReading(page);
        await page.click("#brush");
        assert.deepEqual(await faults(page), [], "read, with the brush open");
        await page.keyboard.press("Escape");
        await page.click("#clear");
        await drawRow(page, [1, 7], { size: 0.45 });
        await page.locator("#answer .glyph").nth(1).click();
        assert.deepEqual(await faults(page), [], "a number");
        await page.click("#keep");
        await page.locator("#strip .card").click();
        await page.locator("#detail .seen").waitFor();
        assert.deepEqual(await faults(page), [], "the details");
        await page.keyboard.press("Escape");
        await page.locator('.places [data-place="pictures"]').click();
        await page.setInputFiles("#files", [
          { name: "seven.png", mimeType: "image/png", buffer: pngOf(DIGITS[7]) },
          { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("notes") },
        ]);
        await page.waitForFunction(() => document.querySelectorAll('.result[aria-busy="false"]').length === 2);
        assert.deepEqual(await faults(page), [], "pictures");
        await page.locator('.places [data-place="history"]').click();
        assert.deepEqual(await faults(page), [], "history");
      }));
  }

  it("one can write, read, keep and correct with the keyboard alone", () =>
    rig.visit({}, async (page, context) => {
      const tabTo = async (selector) => {
        for (let i = 0; i < 40; ++i) {
          if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
          await page.keyboard.press("Tab");
        }
        assert.fail(`Tab does not come to ${selector}`);
      };
      const press = async (key, times) => {
        for (let i = 0; i < times; ++i) await page.keyboard.press(key);
      };
      await tabTo("#board");
      await press("ArrowUp", 9);
      await page.keyboard.press(" ");
      await press("ArrowDown", 18);
      await page.keyboard.press(" ");
      assert.equal(await shownReading(page), "1");
      await page.waitForFunction(() => /^Read as 1/.test(document.getElementById("say").textContent), undefined, { polling: 50 });
      await page.keyboard.press("Enter");
      await page.locator("#strip li").waitFor();
      await tabTo("#answer .guess");
      await page.keyboard.press("ArrowDown");
      const text = await page.evaluate(() => document.activeElement.dataset.text);
      await page.keyboard.press("Enter");
      await page.locator(`#answer .guess[data-text="${text}"][aria-pressed=true]`).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.dataset.text), text, "the focus stays");
      assert.equal((await rig.kept(context))[0].label, text);
      await tabTo("#strip .card");
      await page.keyboard.press("Enter");
      await page.locator("#detail .facts").waitFor();
      await page.keyboard.press("Escape");
      assert.ok(await page.evaluate(() => document.activeElement.matches("#strip .card")), "the focus comes back");
    }));

  for (const [way, options] of [["upright", PHONE], ["on its side", LYING]]) {
    it(`all that can be pressed on a telephone ${way} is 44 pixels large, and nothing scrolls sideways`, () => isHandy(options));
  }

  const isHandy = (options) =>
    rig.visit(options, async (page) => {
      await drawByTouch(page, DIGITS[7]);
      await shownReading(page);
      await page.click("#keep");
      await page.locator("#strip .card").waitFor();
      for (const place of ["write", "pictures", "history"]) {
        await page.locator(`.places [data-place="${place}"]`).click();
        await page.locator(`#place-${place}`).waitFor();
        const { small, wide } = await page.evaluate(() => ({
          small: [...document.querySelectorAll("button, a, input, [tabindex='0']")]
            .filter((element) => element.checkVisibility() && !element.matches(".skip, .visually-hidden, [type=checkbox]"))
            .map((element) => [element.id || element.className || element.textContent, element.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
            .map(([name, box]) => `${name} ${box.width}x${box.height}`),
          wide: document.documentElement.scrollWidth - innerWidth,
        }));
        assert.deepEqual(small, [], place);
        assert.ok(wide <= 0, `${place} is ${wide} pixels too wide`);
      }
    });

  it("nothing moves for those who want it still", () =>
    rig.visit({ reducedMotion: "reduce" }, async (page) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      assert.deepEqual(await page.evaluate(() => document.getAnimations().length), 0);
      assert.equal(await page.locator("#answer .big").evaluate((element) => getComputedStyle(element).animationName), "none");
    }));
});

/** The English words of a Chinese page that are no names and not marked as English. */
async function englishOn(page) {
  const text = await page.evaluate(() => {
    const marked = [...document.querySelectorAll("[lang=en]")];
    marked.forEach((element) => (element.hidden = true));
    const shown = document.body.innerText;
    marked.forEach((element) => (element.hidden = false));
    return shown;
  });
  const names = ["Longhand", "English", "PNG", "JPEG", "WebP", "BMP", "GIF", "TIFF", "PNM", "digits", "numberrec", "cookie", "Ctrl"];
  return (text.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !names.includes(word));
}

describe("the board and the reading", () => {
  const bottomOf = async (page, selector) => {
    const { y, height } = await page.locator(selector).boundingBox();
    return y + height;
  };
  const edges = async (page) => ({ board: await bottomOf(page, ".board-sheet"), reading: await bottomOf(page, ".sheet.reading") });

  for (const [width, height] of [[640, 360], [740, 360], [932, 430], [1280, 600], [1280, 800]]) {
    for (const locale of ["en-GB", "zh-CN"]) {
      it(`stand beside each other with the tools in sight on ${width}x${height}, ${locale}`, () =>
        rig.visit({ viewport: { width, height }, locale }, async (page) => {
          const { board, reading } = await edges(page);
          assert.ok(board <= height, `the board's sheet ends at ${board}`);
          assert.ok(Math.abs(board - reading) < 1, `the edges are at ${board} and ${reading}`);
          const ink = await page.locator("#ink").boundingBox();
          assert.ok(ink.height > 0.5 * height, `the board is ${ink.height} high`);
          const inside = await page.evaluate(() => {
            const right = document.querySelector(".board-sheet").getBoundingClientRect().right;
            return right - document.getElementById("keep").getBoundingClientRect().right;
          });
          assert.ok(inside >= 4, `Keep ends ${inside} before its sheet`);
          await drawByMouse(page, DIGITS[7]);
          await shownReading(page);
          assert.deepEqual(await page.locator("#ink").boundingBox(), ink, "nothing moves under the pen");
        }));
    }
  }

  it("end on one line also where the reading is rejected", () =>
    rig.visit({ viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.route("**/recognitions?keep=false&normalized=true", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), text: "", rejected: true } });
      });
      await drawByMouse(page, DIGITS[7]);
      await page.locator("#answer.rejected .guess").first().waitFor();
      await page.locator("#in2018").waitFor();
      const { board, reading } = await edges(page);
      assert.ok(Math.abs(board - reading) < 1, `the edges are at ${board} and ${reading}`);
    }));
});

describe("languages", () => {
  it("a Chinese browser gets Chinese, and English is a press away and remembered", () =>
    rig.visit({ locale: "zh-CN" }, async (page) => {
      assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
      assert.equal(await page.locator("#keep").innerText(), "留下");
      assert.equal(await page.locator("#where-text").innerText(), "在本服务器上识别");
      assert.match(await page.locator("#invite").innerText(), /写一个数字/);
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7");
      assert.equal(await page.locator("#answer figcaption").innerText(), "它看到的");
      await page.click("#language");
      assert.equal(await page.locator("#keep").innerText(), "Keep");
      assert.equal(await page.locator("#answer figcaption").innerText(), "what it sees");
      assert.equal(await page.locator("#answer-text").innerText(), "7", "the reading stays");
      await page.reload();
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      assert.match(await page.title(), /write a digit/);
    }));

  it("no English is left over in Chinese", () =>
    rig.visit({ locale: "zh-CN" }, async (page) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      for (const place of ["write", "pictures", "history"]) {
        await page.locator(`.places [data-place="${place}"]`).click();
        assert.deepEqual(await englishOn(page), [], place);
      }
    }));

  it("nor in what the server refuses, but for its particulars, which are marked as English", () =>
    rig.visit({ path: "/#pictures", locale: "zh-CN", expected: REFUSED }, async (page) => {
      const bring = async (name, buffer) => {
        await page.setInputFiles("#files", { name, mimeType: "image/png", buffer });
        const refused = page.locator(".result.refused", { hasText: name });
        await refused.waitFor();
        return refused;
      };
      const seven = pngOf(DIGITS[7]);
      const cut = await bring("甲", seven.subarray(0, seven.length / 2));
      assert.match(await cut.innerText(), /图片已损坏或不完整/);
      const none = await bring("乙", Buffer.from("notes"));
      assert.match(await none.innerText(), /这不是支持的图片格式/);
      const large = Buffer.from(seven);
      large.writeUInt32BE(90_000, 16);
      large.writeUInt32BE(90_000, 20);
      const tooLarge = await bring("丙", large);
      assert.match(await tooLarge.innerText(), /太大/);
      assert.match(await tooLarge.locator("[lang=en]").innerText(), /90000x90000/);
      assert.deepEqual(await englishOn(page), [], "pictures");
      await page.click("#language");
      assert.match(await cut.innerText(), /PNG file is truncated/);
      assert.equal(await page.locator(".refusal [lang=en]").count(), 0);
    }));

  it("nor where the board's drawing or the page's own picture is refused", () =>
    rig.visit({ path: "/?pic=data:image/png;base64,AAAA", locale: "zh-CN", expected: REFUSED }, async (page) => {
      assert.match(await page.locator("#result.error").innerText(), /这不是支持的图片格式/);
      const refuse = (route) =>
        route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ code: "invalid_strokes", detail: "more than 9 points" }) });
      await page.route("**/api/v1/recognitions?*normalized=true", refuse);
      await drawByMouse(page, DIGITS[7]);
      await page.locator("#answer .particulars").waitFor();
      assert.match(await page.locator("#answer").innerText(), /这些笔画无法读取/);
      await page.click("#keep");
      await page.locator("#toast").waitFor();
      assert.match(await page.locator("#toast").innerText(), /这些笔画无法读取/);
      assert.deepEqual(await englishOn(page), []);
    }));
});

describe("colours", () => {
  const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it("follow the system, or what was chosen, which is remembered", () =>
    rig.visit({ colorScheme: "dark" }, async (page) => {
      assert.equal(await paper(page), "rgb(20, 24, 29)");
      await drawByMouse(page, DIGITS[7]);
      const ink = () =>
        page.evaluate(() => {
          const canvas = document.getElementById("ink");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) return data[i];
          return undefined;
        });
      assert.ok((await ink()) > 200, "light ink on a dark sheet");
      await page.click("#theme");
      assert.equal(await paper(page), "rgb(247, 243, 234)");
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.ok((await ink()) < 60, "dark ink on a light sheet");
      await page.reload();
      assert.equal(await paper(page), "rgb(247, 243, 234)");
    }));
});
