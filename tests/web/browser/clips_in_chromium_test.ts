import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { createRandom } from "lib/base/numbers/random.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";
import { axeProblems } from "tests/web/browser/axe.ts";
import { withLabelFolder } from "tests/web/browser/label_folder.ts";
import { startLabelServer } from "tests/web/browser/label_server.ts";

const ignore = !(await hasProgram("chromium"));
const KEYS = { j: "burp", f: "not-burp", u: "unsure", s: "skip" } as const;
// For machines that are busy with other work; nothing waits for it where all goes well.
const PATIENCE = { timeout: 150_000 };

function clipOf(page: Page): Promise<string> {
  return page.locator("#clips-view").getAttribute("data-clip").then((id) => id ?? "");
}

/** Waits for another clip than one; an empty text stands for the end of the queue. */
async function nextClip(page: Page, before: string): Promise<string> {
  await page.waitForFunction(
    (before) => {
      const clip = document.getElementById("clips-view")?.dataset["clip"];
      return clip !== undefined && clip !== before;
    },
    before,
    PATIENCE,
  );
  return await clipOf(page);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

Deno.test({
  name:
    "200 clips labelled by keyboard, 50 taken back, the server killed twice: the ledger holds exactly what was answered",
  ignore,
  fn: () => {
    const count = scaled({ usual: 60, long: 200 });
    const undone = scaled({ usual: 15, long: 50 });
    return withLabelFolder(count, async (folder) => {
      let server = await startLabelServer(folder, { source: "found" });
      const random = createRandom(2);
      const given = new Map<string, string>();
      const shownMs: number[] = [];
      await withBrowser((browser) =>
        withPage(browser, server.url, async ({ page, complaints }) => {
          let clip = await nextClip(page, "-");
          const answer = async () => {
            const key = random.pick(Object.keys(KEYS)) as keyof typeof KEYS;
            given.set(clip, KEYS[key]);
            await page.keyboard.press(key);
            clip = await nextClip(page, clip);
            const ms = Number(await page.locator("#clips-view").getAttribute("data-shown-ms"));
            if (ms > 0) shownMs.push(ms);
          };
          const order: string[] = [];
          const answerMany = async (wanted: number) => {
            for (let i = 0; i < wanted; i++) {
              order.push(clip);
              await answer();
            }
          };
          const undoMany = async (wanted: number) => {
            for (let i = 0; i < wanted; i++) {
              await page.keyboard.press("z");
              const expected = order.pop()!;
              clip = await nextClip(page, clip);
              assert.equal(clip, expected, "undo goes back to the clip that was answered last");
              given.delete(clip);
            }
          };
          /** Kills the server; what is answered meanwhile is kept by the page. */
          const withoutServer = async (work: () => Promise<void>) => {
            // What comes next is in the browser by then; a machine may be slow.
            await page.waitForFunction(
              () => Number(document.getElementById("clips-view")?.dataset["ahead"]) >= 6,
              undefined,
              PATIENCE,
            );
            await server.kill();
            await work();
            assert.match(await page.locator("[data-notice=gone]").textContent() ?? "", /does not answer/);
            server = await startLabelServer(folder, { source: "found", port: server.port });
            await page.waitForSelector("#connection[data-kept='0']", { state: "attached", ...PATIENCE });
            await page.waitForSelector("[data-notice=gone]", { state: "detached", ...PATIENCE });
          };

          const third = Math.floor((count - undone) / 3);
          await answerMany(third);
          // Some answers, and an undo of one of them and of one that the server had, while it is gone.
          await withoutServer(async () => {
            await answerMany(4);
            await undoMany(5);
          });
          await answerMany(third + 1);
          await undoMany(undone - 5);
          await withoutServer(() => answerMany(3));
          await answerMany(count - given.size);
          assert.equal(given.size, count);
          assert.match(
            await page.locator("#clip-message").textContent() ?? "",
            /All clips here are answered/,
          );
          assert.match(await page.locator("#progress-text").textContent() ?? "", /· 0 left/);
          assert.deepEqual(
            complaints.filter((text) => !/ERR_CONNECTION|Failed to load resource/.test(text)),
            [],
          );
        }, { offline: false })
      );
      await server.kill();
      const ledger = openLedger(join(folder, "labels.jsonl"));
      const holding = await ledger.current();
      assert.equal(holding.length, count);
      const held = new Map(holding.map(({ provenance, label }) => [String(provenance?.["item"]), label]));
      assert.deepEqual(held, given);
      const { undos, torn } = await ledger.entries();
      assert.equal(torn, undefined);
      assert.ok(undos.length >= undone - 5 + 1 && undos.length <= undone, `${undos.length} undos`);
      tellFigure(`clip shown ${median(shownMs).toFixed(0)} ms after the key (median of ${shownMs.length})`);
    });
  },
});

Deno.test({
  name: "a clip plays by itself, its boundaries move by arrow keys and drags, and hints wait for the answer",
  ignore,
  fn: () =>
    withLabelFolder(6, async (folder) => {
      const server = await startLabelServer(folder, { source: "found" });
      await withBrowser(async (browser) => {
        await withPage(browser, server.url, async ({ page, requests }) => {
          const first = await nextClip(page, "-");
          await page.waitForFunction(
            () => Number(document.getElementById("clip-overlay")?.dataset["playhead"]) > 0.1,
            undefined,
            PATIENCE,
          );
          const bounds = () => page.locator("#clip-bounds").textContent();
          const before = await bounds();
          assert.match(before ?? "", /^0:01\.00 to 0:01\.\d\d · 0\.\d\d\ss$/);
          await page.keyboard.press("ArrowLeft");
          await page.keyboard.press("Shift+ArrowLeft");
          assert.match(await bounds() ?? "", /^0:00\.89 to /);
          await page.keyboard.press("ArrowUp");
          await page.keyboard.press("Shift+ArrowRight");
          const end = Number(await page.locator(".boundary").nth(1).getAttribute("aria-valuenow"));
          const stage = (await page.locator("#clip-stage").boundingBox())!;
          const handle = (await page.locator(".boundary").nth(1).boundingBox())!;
          await page.mouse.move(handle.x + handle.width / 2, handle.y + 60);
          await page.mouse.down();
          await page.mouse.move(stage.x + stage.width * 0.9, handle.y + 60, { steps: 4 });
          await page.mouse.up();
          const dragged = Number(await page.locator(".boundary").nth(1).getAttribute("aria-valuenow"));
          assert.ok(dragged > end + 0.05, `${end} to ${dragged}`);
          await page.keyboard.press(",");
          await page.keyboard.press(",");
          assert.equal(await page.locator("#clip-speed").textContent(), "0.5×");
          await page.keyboard.press(" ");
          await page.waitForFunction(
            () => {
              const head = Number(document.getElementById("clip-overlay")?.dataset["playhead"]);
              return head > 0.05 && head < 0.6;
            },
            undefined,
            PATIENCE,
          );

          assert.equal(await page.locator("#hints-now li").count(), 0, "nothing is told before the answer");
          await page.keyboard.press("j");
          await nextClip(page, first);
          await page.waitForSelector("#hints-last li", PATIENCE);
          assert.match(await page.locator("#hints-last").textContent() ?? "", /\d/);
          assert.equal(await page.locator("#hints-now li").count(), 0);
          await page.keyboard.press("h");
          await page.waitForSelector("#hints-now li", PATIENCE);

          const [entry] = await openLedger(join(folder, "labels.jsonl")).current();
          assert.ok(Math.abs(entry!.offset - entry!.onset - (dragged - 0.89)) < 0.002);
          // After a reload, undo still knows what was done.
          await page.reload();
          const again = await nextClip(page, "-");
          await page.keyboard.press("z");
          assert.equal(await nextClip(page, again), first);
          assert.ok(
            requests.every((address) => address.startsWith(new URL(server.url).origin)),
            requests.join(),
          );
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-clips-light");

          await page.keyboard.press("?");
          assert.match(await page.locator("#help-dialog").textContent() ?? "", /Undo, as often as you like/);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-help");
          await page.keyboard.press("Escape");

          // A second tab is told, and may take over; then the first one is told.
          const other = await page.context().newPage();
          await other.goto(server.url);
          await other.waitForSelector("[data-notice=lease]", PATIENCE);
          const clip = await nextClip(other, "-");
          await other.keyboard.press("j");
          assert.equal(await clipOf(other), clip, "nothing is answered there");
          assert.deepEqual(await axeProblems(other), []);
          await other.getByRole("button", { name: "Label here instead" }).click();
          await other.waitForSelector("[data-notice=lease]", { state: "detached", ...PATIENCE });
          await page.waitForSelector("[data-notice=lease]", PATIENCE);
          await keepScreenshot(page, "label-second-tab");
          await other.close();
        }, { offline: false });
        await withPage(browser, server.url, async ({ page }) => {
          await nextClip(page, "-");
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= 390, `a phone would scroll sideways: ${wide} pixels`);
          for (const button of await page.locator("#answers button").all()) {
            const box = (await button.boundingBox())!;
            assert.ok(box.height >= 48 && box.y + box.height <= 780, "large, and in reach of a thumb");
          }
          await page.locator("#answers button").first().click();
          await keepScreenshot(page, "label-clips-phone");
          assert.deepEqual(await axeProblems(page), []);
        }, { offline: false, width: 390, height: 780, colorScheme: "dark" });
      });
      await server.kill();
    }),
});
