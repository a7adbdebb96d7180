import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { DIGITS, drawByMouse, drawByPen, drawByTouch, inkOnBoard, Rig, shownReading, wait } from "./harness.mjs";

let rig;
before(async () => void (rig = await Rig.start()));
after(() => rig?.stop());

describe("the board", () => {
  for (const digit of Object.keys(DIGITS)) {
    it(`reads a ${digit} drawn by mouse, as it is drawn`, () =>
      rig.visit({}, async (page, context) => {
        await drawByMouse(page, DIGITS[digit]);
        assert.equal(await shownReading(page), digit);
        assert.deepEqual(await rig.kept(context), [], "a live reading is not recorded");
      }));
  }

  it("reads what a finger writes, and the page does not scroll meanwhile", () =>
    rig.visit({ viewport: { width: 390, height: 640 }, hasTouch: true, isMobile: true }, async (page) => {
      await drawByTouch(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7");
      assert.equal(await page.evaluate(() => scrollY), 0);
    }));

  it("takes a pen's pressure, and then no palm for a finger", () =>
    rig.visit({ hasTouch: true }, async (page) => {
      const asked = page.waitForRequest((request) => request.url().includes("keep=false") && "strokes" in request.postDataJSON());
      await drawByPen(page, DIGITS[7]);
      const { strokes } = (await asked).postDataJSON();
      assert.equal(strokes.length, 1);
      const pressures = strokes[0].map((point) => point[3]);
      assert.ok(pressures.every((p) => p > 0 && p <= 1), `pressures ${pressures}`);
      assert.ok(Math.max(...pressures) - Math.min(...pressures) > 0.4, "the pressure varies");
      assert.equal(await shownReading(page), "7");
      const ink = await inkOnBoard(page);
      await drawByTouch(page, DIGITS[1], { x: 0.4 });
      assert.equal(await inkOnBoard(page), ink, "the palm writes nothing");
    }));

  it("keeps to the pen when the palm came down first", () =>
    rig.visit({ hasTouch: true }, async (page) => {
      const box = await page.locator("#ink").boundingBox();
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: box.x + box.width - 60, y: box.y + box.height - 40 }] });
      await devtools.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: box.x + box.width - 90, y: box.y + box.height - 60 }] });
      const asked = page.waitForRequest((request) => request.url().includes("keep=false") && "strokes" in request.postDataJSON());
      await drawByPen(page, DIGITS[1]);
      await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      assert.equal((await asked).postDataJSON().strokes.length, 1);
    }));

  it("takes strokes away with a pen's eraser end, and gives them back", () =>
    rig.visit({}, async (page) => {
      await drawByMouse(page, [DIGITS[1][0].map(([x, y]) => [x - 0.3, y]), DIGITS[1][0].map(([x, y]) => [x + 0.3, y])], {});
      const both = await inkOnBoard(page);
      await page.evaluate(() => {
        const canvas = document.getElementById("ink");
        const box = canvas.getBoundingClientRect();
        const side = Math.min(box.width, box.height) * 0.8;
        const send = (type, dx) =>
          canvas.dispatchEvent(
            new PointerEvent(type, {
              pointerId: 7,
              pointerType: "pen",
              button: type === "pointermove" ? -1 : 5,
              buttons: type === "pointerup" ? 0 : 32,
              pressure: 0.5,
              clientX: box.left + box.width / 2 + 0.3 * side + dx,
              clientY: box.top + box.height / 2,
              bubbles: true,
            }),
          );
        send("pointerdown", -20);
        send("pointermove", 0);
        send("pointermove", 20);
        send("pointerup", 20);
      });
      const one = await inkOnBoard(page);
      assert.ok(one > 0.4 * both && one < 0.6 * both, `${both} pixels became ${one}`);
      await page.keyboard.press("Control+z");
      assert.equal(await inkOnBoard(page), both);
    }));

  it("undoes, redoes and clears by buttons and keys; a clear is undone too", () =>
    rig.visit({}, async (page) => {
      assert.equal(await page.locator("#undo").isDisabled(), true);
      await drawByMouse(page, DIGITS[7]);
      const one = await inkOnBoard(page);
      await drawByMouse(page, [[[-0.25, 0], [0.25, 0]]]);
      const two = await inkOnBoard(page);
      assert.ok(two > one && one > 0);
      await page.click("#undo");
      assert.equal(await inkOnBoard(page), one);
      await page.keyboard.press("Control+y");
      assert.equal(await inkOnBoard(page), two);
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Control+Shift+Z");
      assert.equal(await inkOnBoard(page), two);
      await page.click("#clear");
      assert.equal(await inkOnBoard(page), 0);
      await page.locator("#invite").waitFor();
      assert.equal(await page.locator("#answer .big").count(), 0, "an empty board has no reading");
      assert.equal(await page.locator("#keep").isDisabled(), true);
      await page.keyboard.press("Control+z");
      assert.equal(await inkOnBoard(page), two);
      assert.equal(await shownReading(page), "7");
    }));

  it("drops the reading on its way when drawing goes on", () =>
    rig.visit({}, async (page) => {
      let asked = 0;
      await page.route("**/recognitions?keep=false&normalized=true", async (route) => {
        asked += 1;
        if (asked === 1) await wait(1500);
        await route.continue().catch(() => {});
      });
      await drawByMouse(page, DIGITS[1], { x: -0.3 });
      await page.waitForRequest("**/recognitions?keep=false&normalized=true");
      await page.click("#clear");
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7");
      await wait(1700);
      assert.equal(await page.locator("#answer-text").innerText(), "7");
      assert.equal(asked, 2);
    }));

  it("keeps its strokes when the window changes its size, sharp on every screen", () =>
    rig.visit({ deviceScaleFactor: 2 }, async (page) => {
      await drawByMouse(page, DIGITS[3]);
      assert.equal(await shownReading(page), "3");
      const sharp = () =>
        page.evaluate(() => {
          const canvas = document.getElementById("ink");
          return canvas.width === Math.round(canvas.clientWidth * devicePixelRatio) && canvas.height === Math.round(canvas.clientHeight * devicePixelRatio);
        });
      assert.ok(await sharp());
      const before = await inkOnBoard(page);
      await page.setViewportSize({ width: 700, height: 500 });
      await page.waitForFunction(() => document.getElementById("ink").clientHeight < 300);
      const smaller = await inkOnBoard(page);
      assert.ok(await sharp());
      assert.ok(smaller > 0.1 * before && smaller < 0.6 * before, `${before} pixels became ${smaller}`);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.waitForFunction(() => document.getElementById("ink").clientHeight > 300);
      assert.ok(Math.abs((await inkOnBoard(page)) - before) < 0.01 * before);
    }));

  it("shows the glyph as the network sees it", () =>
    rig.visit({}, async (page) => {
      const answered = page.waitForResponse((response) => response.url().includes("normalized=true"));
      await drawByMouse(page, DIGITS[7]);
      const { normalized } = (await (await answered).json()).glyphs[0];
      await shownReading(page);
      const shown = await page.evaluate(() => {
        const canvas = document.querySelector("#answer .sees canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return { width: canvas.width, height: canvas.height, grey: [...data].filter((_, i) => i % 4 === 0) };
      });
      assert.deepEqual(shown, { width: normalized.width, height: normalized.height, grey: [...Buffer.from(normalized.data, "base64")] });
      assert.ok(shown.grey.some((grey) => grey > 200), "there is ink");
    }));

  it("says what the network of 2018 would have read, as long as it is there", () =>
    rig.visit({}, async (page, context) => {
      const { body } = await rig.api(context, "/models");
      const there = body.models.some((model) => model.name === "numberrec-2018");
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      if (there) {
        await page.locator("#in2018").waitFor();
        assert.match(await page.locator("#in2018 .past-text").innerText(), /^\d$/);
      } else {
        assert.equal(await page.locator("#in2018").isVisible(), false);
      }
    }));

  it("says that it is not sure, with its best guesses greyed, when the reading is rejected", () =>
    rig.visit({}, async (page) => {
      await page.route("**/recognitions?keep=false&normalized=true", async (route) => {
        const response = await route.fetch();
        const reading = await response.json();
        await route.fulfill({ response, json: { ...reading, text: "", rejected: true } });
      });
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "not sure");
      assert.ok((await page.locator("#answer.rejected .guess").count()) > 1, "its best guesses are there");
      await page.waitForFunction(() => document.getElementById("say").textContent.startsWith("Not sure"));
    }));

  it("shows of a scribble what the server makes of it, never more", () =>
    rig.visit({}, async (page) => {
      const scribble = Array.from({ length: 24 }, (_, i) => [0.45 * Math.sin(i * 2.4), 0.45 * Math.cos(i * 1.7)]);
      const answered = page.waitForResponse((response) => response.url().includes("normalized=true"));
      await drawByMouse(page, [scribble], { size: 0.5 });
      const reading = await (await answered).json();
      assert.equal(await shownReading(page), reading.rejected ? "not sure" : reading.text);
    }));

  it("saves the drawing as a picture that reads the same", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[3]);
      const text = await shownReading(page);
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
      assert.equal(download.suggestedFilename(), "longhand.png");
      const picture = readFileSync(await download.path());
      const answer = await rig.api(context, "/recognitions?keep=false", { method: "POST", headers: { "Content-Type": "image/png" }, body: picture });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.text, text);
    }));

  it("remembers the brush, and reads alike whatever the brush", () =>
    rig.visit({}, async (page) => {
      await drawByMouse(page, DIGITS[7]);
      const usual = await inkOnBoard(page);
      const confidence = await page.locator("#answer .guess-confidence").first().innerText();
      await page.click("#brush");
      await page.locator("#brush-width").fill("40");
      await page.locator("#brush-hardness").fill("30");
      await page.locator("#guide").uncheck();
      assert.ok((await inkOnBoard(page)) > 1.2 * usual);
      assert.equal(await page.locator("#answer .guess-confidence").first().innerText(), confidence);
      await page.reload();
      await page.click("#brush");
      assert.equal(await page.locator("#brush-width").inputValue(), "40");
      assert.equal(await page.locator("#brush-hardness").inputValue(), "30");
      assert.equal(await page.locator("#guide").isChecked(), false);
    }));
});

describe("a drawing that is not kept yet", () => {
  it("is there again after a reload, and read; Clear forgets it", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[1], { x: -0.3 });
      await drawByMouse(page, DIGITS[7], { x: 0.3 });
      assert.equal(await shownReading(page), "17");
      const ink = await inkOnBoard(page);
      await page.reload();
      assert.equal(await shownReading(page), "17");
      assert.ok(Math.abs((await inkOnBoard(page)) - ink) < 0.01 * ink);
      await page.click("#undo");
      assert.ok((await inkOnBoard(page)) < 0.7 * ink, "it is undone stroke by stroke");
      await page.click("#redo");
      const other = await context.newPage();
      await other.goto(rig.url);
      await other.locator("#where.up").waitFor();
      assert.equal(await inkOnBoard(other), 0, "it is this tab's alone");
      await other.close();
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((name) => /draft|stroke/.test(name))), []);
      await page.click("#clear");
      await page.reload();
      await page.locator("#where.up").waitFor();
      assert.equal(await inkOnBoard(page), 0);
      assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    }));

  it("is read as well where the page comes back to another place", () =>
    rig.visit({}, async (page) => {
      await drawByMouse(page, DIGITS[3]);
      await shownReading(page);
      await page.locator('.places [data-place="pictures"]').click();
      await page.reload();
      await page.locator("#where.up").waitFor();
      await page.locator('.places [data-place="write"]').click();
      assert.equal(await shownReading(page), "3");
    }));

  it("is none any more once it is kept", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      await page.reload();
      await page.locator("#strip li").waitFor();
      assert.equal(await inkOnBoard(page), 0);
      assert.equal((await rig.kept(context)).length, 1);
    }));

  it("is written on where storage is forbidden", () =>
    rig.visit({}, async (page, context) => {
      await context.addInitScript(() =>
        Object.defineProperty(globalThis, "sessionStorage", {
          get: () => {
            throw new DOMException("no", "SecurityError");
          },
        }),
      );
      await page.reload();
      await page.locator("#where.up").waitFor();
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7");
      await page.click("#clear");
      assert.equal(await inkOnBoard(page), 0);
    }));
});

describe("keeping", () => {
  it("records the drawing, shows it below, and starts the next on an empty board", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[7]);
      assert.equal(await shownReading(page), "7");
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === "POST" && !response.url().includes("keep=false")),
        page.click("#keep"),
      ]);
      assert.equal(answer.status(), 201);
      const { id } = await answer.json();
      await page.locator(`#strip li[data-id="${id}"]`).waitFor();
      const kept = await rig.kept(context);
      assert.deepEqual(kept.map((record) => record.id), [id]);
      assert.equal(kept[0].text, "7");
      assert.equal(await page.locator("#keep").isDisabled(), true, "it is kept once");
      const ink = await inkOnBoard(page);
      await drawByMouse(page, DIGITS[1]);
      assert.equal(await shownReading(page), "1");
      assert.ok((await inkOnBoard(page)) < ink, "the 7 gave way to the 1");
    }));

  it("takes a tap on a candidate for what was meant, keeping first; a second tap takes it back", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      const guess = page.locator("#answer .guess").nth(1);
      const text = await guess.getAttribute("data-text");
      await guess.click();
      await page.locator(`#answer .guess[data-text="${text}"][aria-pressed=true]`).waitFor();
      let [record] = await rig.kept(context);
      assert.equal(record.label, text);
      assert.equal(record.text, "7", "the reading itself stays");
      assert.equal(await page.locator("#answer-text").innerText(), text);
      await page.locator(`#strip .corrected`).waitFor();
      await page.locator("#answer .guess[aria-pressed=true]").click();
      await page.locator("#answer .guess[aria-pressed=true]").waitFor({ state: "detached" });
      [record] = await rig.kept(context);
      assert.equal(record.label, null);
      assert.equal((await rig.kept(context)).length, 1);
    }));

  it("keeps once, however often it is asked", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[3]);
      await shownReading(page);
      await page.evaluate(() => {
        for (let i = 0; i < 5; ++i) document.getElementById("keep").click();
      });
      await page.locator("#strip li").waitFor();
      await wait(300);
      assert.equal((await rig.kept(context)).length, 1);
    }));

  it("keeps no second time what undo and redo bring back as it was", () =>
    rig.visit({}, async (page, context) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      await page.click("#undo");
      await page.click("#redo");
      assert.equal(await page.locator("#keep").innerText(), "Kept");
      assert.equal(await page.locator("#keep").isDisabled(), true);
      await page.locator("#board").focus();
      await page.keyboard.press("Enter");
      await page.click("#clear");
      await page.keyboard.press("Control+z");
      assert.equal(await page.locator("#keep").innerText(), "Kept");
      assert.equal(await shownReading(page), "7");
      const [{ id }, ...others] = await rig.kept(context);
      assert.deepEqual(others, []);
      // What is deleted may be kept again.
      await page.locator("#strip .card").click();
      await page.locator("#detail .danger").click();
      await page.locator("#detail .danger").click();
      await page.locator("#strip-empty").waitFor();
      await page.keyboard.press("Control+z");
      assert.equal(await page.locator("#keep").innerText(), "Keep");
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      const kept = await rig.kept(context);
      assert.equal(kept.length, 1);
      assert.notEqual(kept[0].id, id);
    }));
});
