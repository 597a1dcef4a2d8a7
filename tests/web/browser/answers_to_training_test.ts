import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { runCommand } from "tasks/command.ts";
import { train } from "tasks/train.ts";
import { loadTrainingClips } from "tasks/train/training_clips.ts";
import { withBrowser, withPage } from "tests/browser/chromium.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { withLabelFolder } from "tests/web/browser/label_folder.ts";
import { startLabelServer } from "tests/web/browser/label_server.ts";

const RATE = 16_000;
const PATIENCE = { timeout: 150_000 };
const KEYS = { j: "burp", f: "not-burp", u: "unsure", s: "skip" } as const;

Deno.test({
  name: "keys pressed on the page decide which clips the next training takes",
  ignore: !(await hasProgram("chromium")),
  fn: () =>
    withLabelFolder(9, async (folder) => {
      const server = await startLabelServer(folder, { source: "found" });
      const pressed = [..."jfjjfusf"] as (keyof typeof KEYS)[];
      try {
        await withBrowser((browser) =>
          withPage(browser, server.url, async ({ page }) => {
            let clip = "-";
            for (const key of pressed) {
              await page.waitForFunction(
                (before) => {
                  const shown = document.getElementById("clips-view")?.dataset["clip"];
                  return shown !== undefined && shown !== before;
                },
                clip,
                PATIENCE,
              );
              clip = await page.locator("#clips-view").getAttribute("data-clip") ?? "";
              await page.keyboard.press(key);
            }
            await page.waitForSelector("#connection[data-kept='0']", { state: "attached", ...PATIENCE });
            await page.waitForFunction(
              () => document.getElementById("progress-text")?.textContent?.includes("8 of 9"),
              undefined,
              PATIENCE,
            );
            assert.match(
              await page.locator("#progress-text").textContent() ?? "",
              /· 6 answers since the last training/,
            );
          }, { offline: false })
        );
      } finally {
        await server.kill();
      }
      const ledger = await openLedger(join(folder, "labels.jsonl")).current();
      assert.deepEqual(ledger.map(({ label }) => label), pressed.map((key) => KEYS[key]));

      const { host, written } = createTestHost(["--data", folder, "--base", "none"]);
      assert.equal(await runCommand(train, host), 1);
      assert.match(written.err, /answers in .*labels\.jsonl: 6 clips from outside of the folders\n/);
      assert.match(
        written.err,
        /Too few clips of burp: 3, training needs at least 4/,
        "no folder was exported",
      );

      const plan = { positives: [{ event: "burp", folders: [] }], negatives: [] };
      const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
      const context = { log, signal: new AbortController().signal };
      const choice = { data: folder, answers: true, sampleRate: RATE };
      const { events: [burps], negatives } = await loadTrainingClips(plan, choice, context);
      for (const [clips, label] of [[burps!.positives, "burp"], [negatives, "not-burp"]] as const) {
        const places = ledger.filter((entry) => entry.label === label);
        assert.equal(clips.length, places.length);
        clips.forEach(({ samples }, i) => {
          const { onset, offset } = places[i]!;
          const seconds = samples.length / RATE;
          assert(Math.abs(seconds - (offset - onset + 0.2)) < 0.01, "a tenth of a second is kept around");
        });
        for (const { samples, group } of clips) {
          assert(Math.max(...samples.subarray()) > 0.3, "it sounds");
          assert.equal(group, places[0]!.recording);
        }
      }
    }),
});
