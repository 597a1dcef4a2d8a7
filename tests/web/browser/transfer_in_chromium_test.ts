import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import type { Queue } from "lib/web/pages/api.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { hasProgram } from "tests/requirements.ts";
import { axeProblems } from "tests/web/browser/axe.ts";
import { withLabelFolder } from "tests/web/browser/label_folder.ts";
import { startLabelServer } from "tests/web/browser/label_server.ts";

const ignore = !(await hasProgram("chromium"));
// For machines that are busy with other work; nothing waits for it where all goes well.
const PATIENCE = { timeout: 150_000 };

/** Presses a button of the dialog and gives what it says then. */
async function press(page: Page, button: string, says: RegExp): Promise<string> {
  await page.locator("#transfer-result").evaluate((result) => result.textContent = "");
  await page.locator(`#${button}`).click();
  await page.waitForFunction(
    (says) => new RegExp(says).test(document.getElementById("transfer-result")?.textContent ?? ""),
    says.source,
    PATIENCE,
  );
  return await page.locator("#transfer-result").textContent() ?? "";
}

/** Presses a button that saves a file, and gives the file's name and text. */
async function save(page: Page, format: string): Promise<{ name: string; text: string }> {
  await page.locator("#export-format").selectOption(format);
  const download = page.waitForEvent("download", PATIENCE);
  await page.locator("#export-file").click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await Deno.readTextFile(await file.path()) };
}

Deno.test({
  name:
    "labels are imported, taken back and exported in the page's dialog, and show in the recording at once",
  ignore,
  fn: () =>
    withLabelFolder(4, async (folder) => {
      const server = await startLabelServer(folder);
      const ledger = openLedger(join(folder, "labels.jsonl"));
      const track = join(folder, "my labels.txt");
      const choose = async (page: Page, text: string) => {
        await Deno.writeTextFile(track, text);
        await page.locator("#import-choice").setInputFiles(track);
      };
      const labels = "1.000000\t1.500000\tburp\n3.250000\t3.750000\tnot-burp\n";
      await withBrowser(async (browser) => {
        await withPage(browser, `${server.url}#recordings`, async ({ page, complaints }) => {
          const regions = (count: number) =>
            page.waitForFunction(
              (count) => document.querySelectorAll("#region-list li").length === count,
              count,
              PATIENCE,
            );
          await page.locator("#recordings-list a").click(PATIENCE);
          await page.waitForSelector("#recording-view[data-drawn]", PATIENCE);
          await page.locator("#transfer").click();
          await page.waitForFunction(
            () => document.querySelectorAll("#import-recording option").length === 2,
            undefined,
            PATIENCE,
          );
          // The one that is open is meant; the label track names none.
          await choose(page, labels);
          assert.match(
            await press(page, "import-check", /Would/),
            /^Would add 2, corrected 0, knew 0 already/,
          );
          assert.equal((await ledger.current()).length, 0);
          assert.match(await press(page, "import-file", /Added/), /^Added 2/);
          await regions(2);
          const held = (await ledger.current()).map((
            { recording, onset, label },
          ) => [recording, onset, label]);
          const wav = join(folder, "vods", "stream.wav");
          assert.deepEqual(held, [[wav, 1, "burp"], [wav, 3.25, "not-burp"]]);
          assert.match(await press(page, "import-file", /Added/), /^Added 0, corrected 0, knew 2 already/);

          const audacity = await save(page, "audacity");
          assert.deepEqual(audacity, { name: "labels.audacity.txt", text: labels });
          const csv = await save(page, "csv");
          assert.equal(csv.name, "labels.csv");
          assert.match(csv.text, /^recording,onset,offset,label/);
          assert.match(csv.text, /stream\.wav,3\.25,3\.75,not-burp/);
          assert.match(await press(page, "export-clips", /Clip folders/), /: 2 cut\./);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-files-done");

          // What contradicts is told and left, until it is to win.
          await choose(page, "1.000000\t1.500000\tnot-burp\n");
          assert.match(
            await press(page, "import-file", /Added/),
            /^Added 0.*\nnot-burp for .* says burp at 1\.00 s/,
          );
          await page.locator("#import-correct").check();
          assert.match(await press(page, "import-file", /Added/), /corrected 1/);
          await page.waitForFunction(
            () => document.querySelectorAll("#region-list .tone-against").length === 2,
            undefined,
            PATIENCE,
          );
          assert.match(await press(page, "import-undo", /Took/), /^Took back 1\./);
          await page.waitForFunction(
            () => document.querySelectorAll("#region-list .tone-against").length === 1,
            undefined,
            PATIENCE,
          );
          assert.equal(await page.locator("#import-undo").isDisabled(), true);
          // A file that is none is refused in one line.
          await choose(page, "what?\n");
          assert.match(await press(page, "import-check", /labels/), /^my labels\.txt: /);
          await page.keyboard.press("Escape");
          assert.deepEqual(complaints.filter((text) => !/400|503/.test(text)), []);
        }, { offline: false });
        await withPage(browser, server.url, async ({ page }) => {
          await page.locator("#transfer").click(PATIENCE);
          await page.waitForSelector("#transfer-dialog[open]", PATIENCE);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-files-phone");
        }, { offline: false, width: 390, height: 780, colorScheme: "dark" });
      });
      await server.kill();
    }),
});

Deno.test({
  name:
    "clips come in the order of their list, lists can be changed, counts agree, and an empty list has nothing to press",
  ignore,
  fn: () =>
    withLabelFolder(5, async (folder) => {
      const server = await startLabelServer(folder);
      await withBrowser((browser) =>
        withPage(browser, server.url, async ({ page, complaints }) => {
          const clip = () => page.locator("#clips-view").getAttribute("data-clip");
          const waitFor = (id: string) => page.waitForSelector(`#clips-view[data-clip='${id}']`, PATIENCE);
          const ids = async (source: string) => {
            const ask = async (): Promise<Queue> =>
              await (await fetch(`${server.url}api/queue?source=${source}`)).json();
            let queue = await ask();
            // Sounds are compared in the background.
            while (queue.comparing) queue = await ask();
            return queue.items.filter(({ answer }) => answer === undefined).map(({ id }) => id);
          };
          const option = (source: string) => page.locator(`#source option[value=${source}]`).textContent();
          const worth = await ids("queue");
          const found = await ids("found");
          assert.equal(worth.length, 5);
          assert.deepEqual(worth.toSorted(), found.toSorted());
          assert.notDeepEqual(worth, found, "what is most instructive is not what comes first in time");
          await waitFor(worth[0]!);
          await page.keyboard.press("j");
          await waitFor(worth[1]!);
          assert.match(await option("queue") ?? "", /\(4\)$/);
          assert.match(await page.locator("#progress-text").textContent() ?? "", /^1 of 5 · 4 left/);
          await page.locator("#source").hover();
          await page.waitForFunction(
            () => /\(4\)$/.test(document.querySelector("#source option[value=found]")?.textContent ?? ""),
            undefined,
            PATIENCE,
          );

          await page.locator("#source").selectOption("found");
          const open = found.filter((id) => id !== worth[0]);
          for (const id of open) {
            await waitFor(id);
            await page.keyboard.press("s");
          }
          await waitFor("");
          assert.match(
            await page.locator("#clip-message").textContent() ?? "",
            /All clips here are answered/,
          );
          assert.match(await option("found") ?? "", /\(0\)$/);
          await page.keyboard.press("z");
          await waitFor(open.at(-1)!);
          assert.equal(await page.locator("#answers button").first().isVisible(), true);
          assert.match(await option("found") ?? "", /\(1\)$/);

          await page.locator("#source").selectOption("bot");
          await waitFor("");
          assert.match(await page.locator("#clip-message").textContent() ?? "", /There are no clips here/);
          for (const id of ["answers", "progress-text", "clip-replay", "hints-switch"]) {
            assert.equal(await page.locator(`#${id}`).isVisible(), false, id);
          }
          await page.keyboard.press("j");
          assert.equal(await clip(), "");
          assert.deepEqual(await axeProblems(page), []);
          await keepScreenshot(page, "label-empty");
          assert.deepEqual(complaints, []);
        }, { offline: false })
      );
      await server.kill();
    }),
});
