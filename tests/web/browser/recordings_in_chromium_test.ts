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
import { writeLongRecording } from "tests/web/browser/long_recording.ts";

const ignore = !(await hasProgram("chromium"));
// For machines that are busy with other work; nothing waits for it where all goes well.
const PATIENCE = { timeout: 150_000 };

/** Opens a recording of the list and waits until its picture is complete. */
async function openRecording(page: Page, name: string): Promise<void> {
  await page.locator("nav a", { hasText: "Recordings" }).click();
  await page.locator("#recordings-list a", { hasText: name }).click(PATIENCE);
  await drawn(page);
}

async function drawn(page: Page): Promise<void> {
  await page.waitForSelector("#recording-view[data-drawn]", PATIENCE);
}

/** In which share of the columns of the overview the line of the scores is seen. */
function scoreColumns(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { width, height } = document.getElementById("overview") as HTMLCanvasElement;
    const { data } = (document.getElementById("overview") as HTMLCanvasElement).getContext("2d")!
      .getImageData(0, 0, width, height);
    let columns = 0;
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        const [red, green, blue] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3);
        // Pink, also where it lies over the waveform or under the part in view.
        if (red! > green! + 25 && blue! > green! + 10) {
          columns++;
          break;
        }
      }
    }
    return columns / width;
  });
}

async function goTo(page: Page, time: string): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.type(time);
  await page.keyboard.press("Enter");
}

Deno.test({
  name: "any point of a recording of ten hours is reached and drawn, from the whole file to 50 ms a screen",
  ignore,
  fn: () =>
    withLabelFolder(1, async (folder) => {
      const seconds = scaled({ usual: 1_800, long: 36_000 });
      await writeLongRecording(join(folder, "vods", "long.wav"), seconds);
      const server = await startLabelServer(folder);
      await withBrowser((browser) =>
        withPage(browser, server.url, async ({ page, complaints }) => {
          await openRecording(page, "long.wav");
          const random = createRandom(5);
          const tookMs: number[] = [];
          for (let i = 0; i < scaled({ usual: 4, long: 20 }); i++) {
            const place = random.integer(seconds - 60) + 20;
            tookMs.push(
              await page.evaluate(async (place) => {
                const view = document.getElementById("recording-view")!;
                const input = document.getElementById("go-to-time") as HTMLInputElement;
                input.value = String(place);
                const start = performance.now();
                input.form!.requestSubmit();
                while (view.dataset["drawn"] === undefined) await new Promise(requestAnimationFrame);
                return performance.now() - start;
              }, place),
            );
            const [start = NaN, end = NaN] =
              (await page.locator("#recording-view").getAttribute("data-drawn"))!
                .split("-").map(Number);
            assert.ok(start <= place && place <= end, `${place} s in ${start} to ${end} s`);
          }
          tookMs.sort((a, b) => a - b);
          tellFigure(
            `a place in ${seconds / 3600} hours drawn after ${
              tookMs[tookMs.length >> 1]!.toFixed(0)
            } ms (median), ` +
              `${tookMs.at(-1)!.toFixed(0)} ms (slowest of ${tookMs.length})`,
          );
          await page.locator("#go-to-time").blur();
          for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowUp");
          await drawn(page);
          const [from = NaN, to = NaN] = (await page.locator("#recording-view").getAttribute("data-drawn"))!
            .split("-").map(Number);
          assert.ok(Math.abs(to - from - 0.05) < 0.002, `${to - from} s a screen`);
          await keepScreenshot(page, "label-recording-50ms");
          await page.keyboard.press("0");
          await drawn(page);
          assert.equal(
            await page.locator("#recording-view").getAttribute("data-drawn"),
            `0.000-${seconds.toFixed(3)}`,
          );
          await keepScreenshot(page, "label-recording-whole");
          assert.deepEqual(complaints.filter((text) => !/503/.test(text)), []);
        }, { offline: false })
      );
      await server.kill();
    }),
});

Deno.test({
  name:
    "regions are dragged, labelled, fine-tuned and taken back, also while the server is gone; alternating segments share boundaries",
  ignore,
  fn: () =>
    withLabelFolder(40, async (folder) => {
      let server = await startLabelServer(folder);
      const ledger = openLedger(join(folder, "labels.jsonl"));
      /** Onset, offset and label of what holds, when it is all written. */
      const written = async (page: Page, count: number) => {
        await page.waitForFunction(
          (count) => document.querySelectorAll("#region-list li").length === count,
          count,
          PATIENCE,
        );
        await page.waitForSelector("#connection[data-kept='0']", { state: "attached", ...PATIENCE });
        return (await ledger.current()).toSorted((a, b) => a.onset - b.onset)
          .map(({ onset, offset, label }) => ({ onset, offset, label }));
      };
      await withBrowser(async (browser) => {
        await withPage(browser, server.url, async ({ page }) => {
          await openRecording(page, "stream.wav");
          const stage = (await page.locator("#recording-stage").boundingBox())!;
          const drag = async (from: number, to: number) => {
            await page.mouse.move(stage.x + from * stage.width, stage.y + 80);
            await page.mouse.down();
            await page.mouse.move(stage.x + to * stage.width, stage.y + 80, { steps: 5 });
            await page.mouse.up();
          };
          // Half of thirty seconds; 15 s lies in faint noise and 15.5 s in the pause after an event.
          await drag(0.5, 0.55);
          assert.match(await page.locator("#recording-status").textContent() ?? "", /^Marked /);
          await page.keyboard.press("a");
          const [first] = await written(page, 1);
          assert.equal(first!.label, "burp");
          assert.ok(Math.abs(first!.onset - 15) < 0.5 && Math.abs(first!.offset - 16.5) < 0.5);

          // Nudges are written once they rest, as one correction; each is heard.
          for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
          await page.waitForFunction(
            (before) =>
              document.querySelector<HTMLElement>("#region-list button")?.dataset["region"] !== before,
            await page.locator("#region-list button").getAttribute("data-region"),
            PATIENCE,
          );
          const [nudged] = await written(page, 1);
          assert.ok(Math.abs(nudged!.onset - first!.onset - 0.03) < 1e-6);
          assert.equal((await ledger.entries()).entries.length, 2);

          // Another class, and then away with it: nothing is left, not even what it was corrected from.
          await page.keyboard.press("b");
          await page.waitForSelector("#region-list .tone-against", PATIENCE);
          assert.equal((await written(page, 1))[0]!.label, "not-burp");
          // As for clips, one may be unsure, or leave a sound out.
          for (
            const [key, tone, label] of [["u", "unsure"], ["s", "skip"], [
              "b",
              "against",
              "not-burp",
            ]] as const
          ) {
            await page.keyboard.press(key);
            await page.waitForSelector(`#region-list .tone-${tone}`, PATIENCE);
            assert.equal((await written(page, 1))[0]!.label, label ?? tone);
          }
          await page.keyboard.press("Delete");
          assert.deepEqual(await written(page, 0), []);
          await page.keyboard.press("z");
          assert.equal((await written(page, 1))[0]!.label, "not-burp");
          for (let i = 0; i < 6; i++) await page.keyboard.press("z");
          assert.deepEqual(await written(page, 0), []);

          // Alternating segments: every key ends the one before.
          await page.locator("#snapping").uncheck();
          await page.locator("#alternating").check();
          for (const [time, key] of [["2", "a"], ["5", "b"], ["9", "a"], ["12", "a"]] as const) {
            await goTo(page, time);
            await page.keyboard.press(key);
          }
          assert.deepEqual(await written(page, 3), [
            { onset: 2, offset: 5, label: "burp" },
            { onset: 5, offset: 9, label: "not-burp" },
            { onset: 9, offset: 12, label: "burp" },
          ]);
          assert.match(
            await page.locator("#recording-facts").textContent() ?? "",
            / · 3 labelled · 35 to look at$/,
          );
          await goTo(page, "4");
          await page.keyboard.press("w");
          await page.keyboard.press("Shift+ArrowLeft");
          // The server is killed before the boundary is written.
          await server.kill();
          await page.waitForSelector("#connection[data-kept='1']", { state: "attached", ...PATIENCE });
          assert.match(await page.locator("[data-notice=gone]").textContent() ?? "", /1 answer is kept/);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-server-gone");
          server = await startLabelServer(folder, { port: server.port });
          assert.deepEqual((await written(page, 3)).slice(0, 2), [
            { onset: 2, offset: 4.9, label: "burp" },
            { onset: 4.9, offset: 9, label: "not-burp" },
          ]);
          await page.locator("#alternating").uncheck();
          await page.keyboard.press("Home");
          await page.keyboard.press("n");
          assert.match(
            await page.locator("#recording-status").textContent() ?? "",
            /^Marked 0:\d\d\.\d\d to /,
          );
          await page.keyboard.press("l");
          assert.equal(await page.locator("#recording-loop").getAttribute("aria-pressed"), "true");
          await drawn(page);
          await page.keyboard.press("ArrowDown");
          await page.keyboard.press("ArrowDown");
          await drawn(page);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-recording-light");
          assert.ok(await scoreColumns(page) > 0.9, "scores are drawn from end to end, not for events alone");
          await page.getByRole("button", { name: "Files" }).click();
          await page.locator("#import-check").click();
          await page.waitForFunction(
            () => /^Would add/.test(document.getElementById("transfer-result")?.textContent ?? ""),
            undefined,
            PATIENCE,
          );
          const download = page.waitForEvent("download", PATIENCE);
          await page.locator("#export-file").click();
          assert.match(await Deno.readTextFile(await (await download).path()), /not-burp/);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-files");
        }, { offline: false });
        for (const [name, width, height] of [["dark", 1280, 800], ["phone", 390, 780]] as const) {
          await withPage(browser, server.url, async ({ page }) => {
            await page.locator("nav a", { hasText: "Recordings" }).click();
            await page.waitForSelector("#recordings-list a", PATIENCE);
            assert.deepEqual(await axeProblems(page), []);
            await keepScreenshot(page, `label-list-${name}`);
            await openRecording(page, "stream.wav");
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width);
            assert.deepEqual(await axeProblems(page), []);
            await keepScreenshot(page, `label-recording-${name}`);
          }, { offline: false, width, height, colorScheme: "dark" });
        }
      });
      await server.kill();
    }),
});
