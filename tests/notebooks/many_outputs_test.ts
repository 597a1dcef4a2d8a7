import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ExecutedNotebook, joined, shownOutputs } from "tasks/notebooks/executed_notebook.ts";
import { outputProblems } from "tasks/notebooks/check_outputs.ts";
import { writeNotebookPage } from "tasks/notebooks/notebook_page.ts";
import { withNotebook } from "tasks/notebooks/run_notebook.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasJupyter, hasProgram } from "tests/requirements.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EACH = ["figure Clips of sound", "table Table", "picture Picture", "player Player", "text Line"];

const withoutJupyter = !(await hasJupyter());

let executed: ExecutedNotebook | undefined;

async function execute(): Promise<ExecutedNotebook> {
  const { notebook, problem } = await withNotebook(
    ROOT,
    "tests/notebooks/many_outputs.ipynb",
    { quick: true },
    ({ runAll }) => runAll({ cellSeconds: 300 }),
  );
  assert.equal(problem, undefined);
  return notebook;
}

Deno.test({
  name: "a notebook that runs without an editor loses none of its outputs",
  ignore: withoutJupyter,
  fn: async () => {
    const expected = [
      ...Array.from({ length: 20 }, () => EACH).flat(),
      "figure Clips of update 100",
    ];
    const rounds = scaled({ usual: 1, long: 10 });
    let complete = 0;
    for (let round = 0; round < rounds; round++) {
      const notebook = executed = await execute();
      const shown = shownOutputs(notebook);
      assert.deepEqual(outputProblems(shown, expected), []);
      const lines = notebook.cells.at(-1)!.outputs!.map(({ text }) => joined(text)).join("");
      assert.equal(lines, Array.from({ length: 200 }, (_, i) => `line ${i + 1}\n`).join(""));
      complete++;
    }
    tellFigure(`notebook with many outputs: all of 301 in ${complete} of ${rounds} runs`);
  },
});

Deno.test({
  name: "the page of a notebook opens with its figures, without a network",
  ignore: withoutJupyter || !(await hasProgram("chromium")),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const notebook = executed ??= await execute();
      const path = await writeNotebookPage(join(folder, "pages"), "many_outputs", notebook);
      await withBrowser((browser) =>
        withPage(browser, pathToFileURL(path), async ({ page, complaints, requests }) => {
          await page.waitForFunction(() => document.querySelectorAll("[data-drawn]").length === 21, null, {
            timeout: 120_000,
          });
          assert.equal(await page.locator("[data-drawn] .heatmaplayer .hm").count(), 21);
          assert.equal(await page.locator("audio").count(), 20);
          assert.equal(await page.locator("figure img").count(), 20);
          assert.equal(await page.locator("table caption").count(), 20);
          assert.match((await page.locator("h1").first().textContent()) ?? "", /Many outputs/);
          assert.ok(requests.every((request) => request.startsWith("file:")), requests.join());
          assert.deepEqual(complaints, []);
          await keepScreenshot(page, "notebook-page");
        })
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
