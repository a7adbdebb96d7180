import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DIGITS, drawByMouse, drawByTouch, drawRow, LETTERS, pngOf, Rig, rowOf, shownReading } from "./harness.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let rig;
before(async () => void (rig = await Rig.start()));
after(() => rig?.stop());

const radio = (page, name) => page.getByRole("group", { name: "What you write" }).getByRole("radio", { name, exact: true });
const glyphs = (page, root = "#answer") => page.locator(`${root} .glyph`);

/** Has the page's live readings answered with what `change` makes of the server's. */
const answerWith = (page, change) =>
  page.route("**/recognitions?keep=false&normalized=true", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });

/** The reading of one glyph as that of so many. */
function repeated(reading, text) {
  const [glyph] = reading.glyphs;
  const [x, y, w, h] = glyph.box;
  const lines = text.split("\n");
  const all = lines.flatMap((line, row) => [...line].map((character, i) => [character, [x + i * (w + 8), y + row * (h + 20), w, h]]));
  return {
    ...reading,
    text,
    glyphs: all.map(([character, box]) => ({ ...glyph, text: character, box, candidates: [{ text: character, confidence: 0.97 }, ...glyph.candidates.slice(1)] })),
  };
}

describe("the alphabet", () => {
  it("is digits until another is chosen; the words follow it, and it is remembered", () =>
    rig.visit({}, async (page) => {
      assert.equal(await radio(page, "Digits").isChecked(), true);
      for (const [name, invite, title] of [
        ["Letters", /^Write a letter$/m, /write a letter and/],
        ["Both", /^Write a letter or a digit$/m, /write letters and digits/],
        ["Digits", /^Write a digit$/m, /write a digit/],
        ["Letters", /^Write a letter$/m, /write a letter and/],
      ]) {
        await radio(page, name).check();
        assert.match(await page.locator("#invite").innerText(), invite);
        assert.match(await page.title(), title);
      }
      await page.click("#language");
      assert.match(await page.locator("#invite").innerText(), /写一个字母/);
      assert.match(await page.title(), /写一个字母/);
      await page.click("#language");
      await page.reload();
      await page.locator("#alphabets:not(.unknown)").waitFor();
      assert.equal(await radio(page, "Letters").isChecked(), true);
      assert.match(await page.locator("#invite").innerText(), /Write a letter/);
    }));

  it("of letters reads an A as A, without the network of 2018, and keeps it as a letter", () =>
    rig.visit({}, async (page, context) => {
      await radio(page, "Letters").check();
      const asked = page.waitForRequest((request) => request.url().includes("keep=false"));
      await drawByMouse(page, LETTERS.A);
      const { alphabet, mode } = (await asked).postDataJSON();
      assert.deepEqual([alphabet, mode], ["letters", "auto"]);
      assert.equal(await shownReading(page), "A");
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      const [record] = await rig.kept(context);
      assert.deepEqual([record.text, record.alphabet], ["A", "letters"]);
      assert.equal(await page.locator("#in2018").isVisible(), false);
      await page.locator("#strip .card").click();
      assert.match(await page.locator("#detail .facts").innerText(), /Alphabet\s+Letters/);
    }));

  it("of amounts reads digits with their signs", () =>
    rig.visit({}, async (page, context) => {
      await radio(page, "Amounts").check();
      assert.match(await page.locator("#invite").innerText(), /^Write an amount$/m);
      await drawRow(page, ["2", ".", "7", "-", "3"]);
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "2.7-3");
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      const [record] = await rig.kept(context);
      assert.deepEqual([record.text, record.alphabet], ["2.7-3", "symbols"]);
    }));

  it("chosen anew has what is on the board read anew", () =>
    rig.visit({}, async (page) => {
      await drawByMouse(page, LETTERS.A);
      await shownReading(page);
      const answered = page.waitForResponse((response) => response.url().includes("normalized=true"));
      await radio(page, "Both").check();
      assert.equal((await (await answered).json()).alphabet, "alphanumeric");
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "A");
    }));

  it("is chosen by keys, and the board's keys work on from there", () =>
    rig.visit({}, async (page) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      await radio(page, "Digits").focus();
      await page.keyboard.press("ArrowRight");
      assert.equal(await radio(page, "Letters").isChecked(), true);
      await page.keyboard.press("ArrowRight");
      assert.equal(await radio(page, "Both").isChecked(), true);
      await page.keyboard.press("Control+z");
      await page.locator("#invite").waitFor();
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.id), "board");
    }));

  it("is offered as far as the server reads it: one alone is no choice", () =>
    rig.visit({}, async (page) => {
      await page.route("**/api/v1/models", async (route) => {
        const response = await route.fetch();
        const { models } = await response.json();
        await route.fulfill({ response, json: { models: models.filter((model) => model.alphabet === "digits") } });
      });
      await page.evaluate(() => localStorage.setItem("longhand.alphabet", "letters"));
      await page.reload();
      await page.locator("#alphabets.alone").waitFor({ state: "attached" });
      assert.equal(await page.locator("#alphabets").isVisible(), false);
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7", "it is read as a digit, whatever was remembered");
      assert.equal(await page.evaluate(() => localStorage.getItem("longhand.alphabet")), "letters", "for another time");
    }));

  it("goes with pictures too", () =>
    rig.visit({}, async (page, context) => {
      await radio(page, "Letters").check();
      await page.locator('.places [data-place="pictures"]').click();
      assert.match(await page.locator("#drop").innerText(), /A word on each/);
      await page.setInputFiles("#files", { name: "a.png", mimeType: "image/png", buffer: pngOf(LETTERS.A) });
      await page.locator(".result .big").waitFor();
      assert.equal(await page.locator(".result .big").innerText(), "A");
      assert.equal((await rig.kept(context))[0].alphabet, "letters");
      await page.locator('.places [data-place="history"]').click();
      // There is nothing to choose it for.
      await page.locator("#alphabets").waitFor({ state: "hidden" });
    }));
});

describe("a number", () => {
  it("is read whole, each glyph shown as the network saw it", () =>
    rig.visit({}, async (page) => {
      const answered = page.waitForResponse(async (response) => response.url().includes("normalized=true") && (await response.json()).glyphs.length === 2);
      await drawRow(page, [1, 7]);
      const reading = await (await answered).json();
      assert.equal(reading.text, "17");
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "17");
      assert.equal(await glyphs(page).count(), 2);
      assert.match(await glyphs(page).nth(1).getAttribute("aria-label"), /^2: 7, [\d.]+%/);
      const shown = await page.evaluate(() =>
        [...document.querySelectorAll("#answer .glyph canvas")].map((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return [...data].filter((_, i) => i % 4 === 0);
        }),
      );
      assert.deepEqual(shown, reading.glyphs.map(({ normalized }) => [...Buffer.from(normalized.data, "base64")]));
      assert.equal(await page.locator("#in2018").isVisible(), false, "the network of 2018 read one digit");
      await page.waitForFunction(() => document.getElementById("say").textContent.startsWith("Read as 17"));
    }));

  it("is corrected in one place, and that is taken back", () =>
    rig.visit({}, async (page, context) => {
      await drawRow(page, [1, 7]);
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "17");
      await glyphs(page).nth(1).click();
      const guess = page.locator("#answer .guess:not([data-text='7'])").first();
      const other = await guess.getAttribute("data-text");
      await guess.click();
      await page.locator(`#answer .guess[data-text="${other}"][aria-pressed=true]`).waitFor();
      assert.equal(await page.locator("#answer-text").innerText(), `1${other}`);
      assert.equal(await glyphs(page).nth(1).getAttribute("aria-label"), `2: ${other}, corrected`);
      let [record] = await rig.kept(context);
      assert.deepEqual([record.text, record.label], ["17", `1${other}`]);
      await page.locator("#answer .guess[aria-pressed=true]").click();
      await page.locator("#answer .guess[aria-pressed=true]").waitFor({ state: "detached" });
      [record] = await rig.kept(context);
      assert.equal(record.label, null);
      assert.equal((await rig.kept(context)).length, 1);
    }));

  it("is looked at and corrected with the keyboard alone", () =>
    rig.visit({}, async (page, context) => {
      await drawRow(page, [1, 7]);
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "17");
      await glyphs(page).first().focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      assert.equal(await glyphs(page).nth(1).getAttribute("aria-pressed"), "true");
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-pressed")), "true", "the focus stays");
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowDown");
      const text = await page.evaluate(() => document.activeElement.dataset.text);
      await page.keyboard.press("Enter");
      await page.locator(`#answer .guess[data-text="${text}"][aria-pressed=true]`).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.dataset.text), text);
      assert.equal((await rig.kept(context))[0].label, `1${text}`);
    }));

  it("stands on its card and is corrected in its details", () =>
    rig.visit({}, async (page, context) => {
      await drawRow(page, [2, 0, 3]);
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "203");
      await page.click("#keep");
      await page.locator("#strip .card").click();
      assert.equal(await page.locator("#strip .card-text").innerText(), "203");
      await glyphs(page, "#detail").nth(2).click();
      const guess = page.locator("#detail .guess:not([data-text='3'])").first();
      const other = await guess.getAttribute("data-text");
      await guess.click();
      await page.locator("#detail .big", { hasText: `20${other}` }).waitFor();
      await page.locator("#strip .corrected", { hasText: `20${other}` }).waitFor();
      assert.equal(await page.locator("#it-was").inputValue(), `20${other}`);
      assert.equal((await rig.kept(context))[0].label, `20${other}`);
    }));

  it("on a picture of two lines is read line by line", () =>
    rig.visit({ path: "/#pictures" }, async (page, context) => {
      const strokes = [...rowOf([1, 7], { y: -0.28, size: 0.36 }), ...rowOf([2, 3], { y: 0.28, size: 0.36 })];
      await page.setInputFiles("#files", { name: "two.png", mimeType: "image/png", buffer: pngOf(strokes, 280) });
      await page.locator(".result .big").waitFor();
      assert.equal((await rig.kept(context))[0].text, "17\n23");
      assert.equal(await page.locator(".result .big").innerText(), "17\n23");
      assert.equal(await page.locator(".result .glyph-line").count(), 2);
      const guess = page.locator(".result .guess:not([data-text='2'])").first();
      await glyphs(page, ".result").nth(2).click();
      const other = await guess.getAttribute("data-text");
      await guess.click();
      await page.locator(`.result .guess[data-text="${other}"][aria-pressed=true]`).waitFor();
      assert.equal((await rig.kept(context))[0].label, `17\n${other}3`);
      await page.locator('.places [data-place="history"]').click();
      assert.equal(await page.locator("#list .card-text").innerText(), `17 · ${other}3`);
      await page.locator("#list .card").click();
      assert.equal(await page.locator("#it-was").inputValue(), `17\n${other}3`);
      await page.locator("#it-was").fill("17\n28");
      await page.locator("#detail [type=submit]").click();
      await page.locator("#detail .big", { hasText: "28" }).waitFor();
      assert.equal((await rig.kept(context))[0].label, "17\n28");
    }));

  it("that is not clear says so, with its best guess and the doubtful glyph marked and looked at", () =>
    rig.visit({}, async (page) => {
      await answerWith(page, (reading) => {
        const all = repeated(reading, "4017");
        all.glyphs[2] = { ...all.glyphs[2], confidence: 0.31 };
        return { ...all, text: "", confidence: 0.2, rejected: true };
      });
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "not sure");
      assert.match(await page.locator("#answer .why").innerText(), /4017/);
      assert.equal(await page.locator("#answer .glyph.unsure").count(), 1);
      assert.match(await glyphs(page).nth(2).getAttribute("aria-label"), /^3: 1, 31\.0%, not sure$/);
      assert.equal(await glyphs(page).nth(2).getAttribute("aria-pressed"), "true");
      assert.equal(await page.locator("#answer .guess").first().getAttribute("data-text"), "1");
    }));
});

describe("long texts", () => {
  for (const [name, options] of [["on a telephone", PHONE], ["on a wide screen", {}], ["in the dark", { ...PHONE, colorScheme: "dark" }]]) {
    for (const text of ["2026", "40712893", "WWWWMMMM", "1".repeat(60), "20261125\n3\n40\n5"]) {
      it(`fit their place ${name}: ${JSON.stringify(text)}`, () =>
        rig.visit(options, async (page) => {
          await answerWith(page, (reading) => repeated(reading, text));
          await drawByMouse(page, DIGITS[7]);
          assert.equal(await shownReading(page), text);
          const { over, outside, height } = await page.evaluate(() => {
            const big = document.getElementById("answer-text");
            const sheet = document.querySelector(".reading").getBoundingClientRect();
            const all = [...document.querySelectorAll("#answer *")].filter((element) => element.checkVisibility());
            return {
              over: document.documentElement.scrollWidth - innerWidth,
              outside: all.filter((element) => element.getBoundingClientRect().right > sheet.right).map((element) => element.className),
              height: big.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(big).lineHeight),
            };
          });
          assert.ok(over <= 0, `${over} pixels too wide`);
          assert.deepEqual(outside, []);
          const lines = text.split("\n").length;
          if (text.length < 40) assert.equal(Math.round(height), lines, "no line is broken");
        }));
    }
  }

  it("leave the board its size", () =>
    rig.visit({}, async (page) => {
      const size = () => page.locator("#ink").boundingBox();
      const before = await size();
      await answerWith(page, (reading) => repeated(reading, "123456789012\n123456789012\n123456789012"));
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      assert.deepEqual(await size(), before);
    }));

  it("are written by finger on a telephone too, with targets of 44 pixels", () =>
    rig.visit(PHONE, async (page) => {
      await drawRow(page, [1, 7], { draw: drawByTouch, size: 0.45 });
      await page.waitForFunction(() => document.getElementById("answer-text")?.textContent === "17");
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, a, input")]
          .filter((element) => element.checkVisibility() && !element.matches(".skip, .visually-hidden, [type=checkbox]"))
          .map((element) => [element.className || element.value || element.id, element.getBoundingClientRect()])
          .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
          .map(([name, box]) => `${name} ${box.width}x${box.height}`),
      );
      assert.deepEqual(small, []);
    }));
});
