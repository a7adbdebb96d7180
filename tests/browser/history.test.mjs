import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { DIGITS, drawByMouse, hasProgram, pngOf, Rig, shownReading } from "./harness.mjs";

const SEVEN = pngOf(DIGITS[7]);

let rig;
before(async () => void (rig = await Rig.start()));
after(() => rig?.stop());

const post = (context, name = "") =>
  rig.api(context, `/recognitions?name=${name}`, { method: "POST", headers: { "Content-Type": "image/png" }, body: SEVEN });

describe("what was kept", () => {
  it("comes to the page as it happens, from wherever it was sent", () =>
    rig.visit({}, async (page, context) => {
      await page.locator("#strip-empty").waitFor();
      const { body } = await post(context, "by-api.png");
      await page.locator(`#strip li[data-id="${body.id}"]`).waitFor();
      await page.waitForFunction(() => document.querySelector("#strip img")?.naturalWidth === 140);
    }));

  it("opens with its details, is corrected, and the correction is taken back", () =>
    rig.visit({ path: "/#history" }, async (page, context) => {
      const { body } = await post(context, "seven.png");
      await page.locator("#list .card").click();
      const detail = page.locator("#detail");
      await detail.locator(".sees canvas").waitFor();
      const facts = await detail.locator(".facts").innerText();
      for (const fact of ["seven.png", body.model.name, body.model.version]) assert.ok(facts.includes(fact), facts);
      await detail.locator("#it-was").fill("1");
      await page.keyboard.press("Enter");
      await page.locator("#list .card.corrected").waitFor();
      assert.equal((await rig.kept(context))[0].label, "1");
      await detail.locator(".correction .plain").click();
      await page.locator("#list .card.corrected").waitFor({ state: "detached" });
      assert.equal((await rig.kept(context))[0].label, null);
      await page.keyboard.press("Escape");
      assert.equal(await detail.isVisible(), false);
    }));

  it("loses no press that began before its details were all there, nor one that ends outside", () =>
    rig.visit({ path: "/#history" }, async (page, context) => {
      const { body } = await post(context);
      let release;
      const released = new Promise((resolve) => (release = resolve));
      await page.route(`**/recognitions/${body.id}`, async (route) => {
        if (route.request().method() === "GET") await released;
        await route.continue();
      });
      const detail = page.locator("#detail");
      await page.locator("#list .card").click();
      await detail.locator("#it-was").fill("1");
      const middle = async (selector) => {
        const { x, y, width, height } = await detail.locator(selector).boundingBox();
        return [x + width / 2, y + height / 2];
      };
      await page.mouse.move(...(await middle("[type=submit]")));
      await page.mouse.down();
      release();
      await detail.locator(".sees canvas").waitFor();
      await page.mouse.move(...(await middle("[type=submit]")));
      await page.mouse.up();
      await page.locator("#list .card.corrected").waitFor();
      assert.equal((await rig.kept(context))[0].label, "1");
      await page.mouse.move(...(await middle("#it-was")));
      await page.mouse.down();
      await page.mouse.move(3, 3);
      await page.mouse.up();
      assert.equal(await detail.isVisible(), true);
      await page.mouse.click(3, 3);
      await detail.waitFor({ state: "hidden" });
    }));

  it("is deleted only when one is sure", () =>
    rig.visit({ path: "/#history" }, async (page, context) => {
      await post(context);
      await page.locator("#list .card").click();
      const button = page.locator("#detail .danger");
      await button.click();
      assert.equal(await button.innerText(), "Delete for good?");
      await page.locator("#it-was").focus();
      assert.equal(await button.innerText(), "Delete", "it forgets the first press");
      assert.equal((await rig.kept(context)).length, 1);
      await button.click();
      await button.click();
      await page.locator("#history-empty").waitFor();
      assert.deepEqual(await rig.kept(context), []);
    }));

  it("goes on to older ones, and is exported whole", () =>
    rig.visit({ path: "/#history" }, async (page, context) => {
      const ids = [];
      for (let i = 0; i < 53; ++i) ids.push((await post(context, `${i}.png`)).body.id);
      await page.reload();
      await page.locator("#older").click();
      await page.waitForFunction(() => document.querySelectorAll("#list li").length === 53);
      assert.equal(await page.locator("#older").isVisible(), false);
      assert.deepEqual(await page.locator("#list li").evaluateAll((items) => items.map((item) => item.dataset.id)), ids.reverse());
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
      const lines = readFileSync(await download.path(), "utf8").trim().split("\n");
      assert.deepEqual(lines.map((line) => JSON.parse(line).id), ids);
    }));

  it("is seen by its writer alone", () =>
    rig.visit({}, async (page, context) => {
      const { body } = await post(context);
      await page.locator("#strip li").waitFor();
      await rig.visit({ path: "/#history" }, async (other, otherContext) => {
        await other.locator("#history-empty").waitFor();
        assert.equal((await rig.api(otherContext, `/recognitions/${body.id}`)).status, 404);
      });
    }));
});

describe("a server that goes away", { skip: (process.env.LONGHAND_URL || !hasProgram) && "needs a server of its own to stop" }, () => {
  const GONE = /Failed to load resource|net::ERR/;

  it("is said so, with what still works; nothing is lost, and all comes back by itself", () =>
    rig.visit({ expected: GONE }, async (page, context) => {
      await drawByMouse(page, DIGITS[7]);
      await shownReading(page);
      await page.click("#keep");
      await page.locator("#strip li").waitFor();
      await rig.server.kill();
      await drawByMouse(page, DIGITS[1]);
      await page.locator("#offline").waitFor();
      assert.match(await page.locator("#offline").innerText(), /undoing and downloading go on working/);
      assert.equal(await page.locator("#where-text").innerText(), "Server out of reach");
      assert.match(await page.locator("#answer").innerText(), /Not read yet/);
      await page.click("#keep");
      await page.locator("#toast").waitFor();
      await page.click("#undo");
      await page.click("#redo");
      await rig.server.run();
      assert.equal(await shownReading(page), "1");
      await page.locator("#offline").waitFor({ state: "hidden" });
      assert.deepEqual((await rig.kept(context)).map((record) => record.text), ["7"], "what was answered 201 survives kill -9");
      await page.click("#keep");
      await page.waitForFunction(() => document.querySelectorAll("#strip li").length === 2);
    }));
});
