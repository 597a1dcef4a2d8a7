import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { NOTEBOOK_STATES, type NotebookState } from "tasks/notebooks/check_notebook.ts";
import { joined, parseExecutedNotebook } from "tasks/notebooks/executed_notebook.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { startJupyter } from "tasks/notebooks/jupyter_server.ts";
import { OWN_DATA, withEdits } from "tasks/notebooks/own_data.ts";
import { withProjectCopy } from "tasks/notebooks/project_copy.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { scaled } from "tests/long_run.ts";
import { freePort, labEnvironment, withLab } from "tests/notebooks/lab_process.ts";
import { hasJupyter, hasProgram } from "tests/requirements.ts";

const withoutJupyter = !(await hasJupyter());

Deno.test({
  name: "deno task notebook opens JupyterLab with the project's kernel",
  ignore: withoutJupyter,
  fn: () =>
    withLab({}, async ({ url, server: { address, token } }) => {
      assert.match(url.pathname, /^\/lab\/tree\/notebooks\/01_harvest\.ipynb$/);
      const response = await fetch(new URL(`/api/kernelspecs?token=${token}`, address));
      const { kernelspecs } = await response.json();
      const { name, language, display_name } = NOTEBOOK_METADATA.kernelspec;
      assert.equal(kernelspecs[name].spec.display_name, display_name);
      assert.equal(kernelspecs[name].spec.language, language);
    }),
});

/** Waits until no cell waits or runs any more. */
async function waitForCells(page: Page): Promise<void> {
  await page.waitForSelector(".jp-InputPrompt:has-text('*')");
  await page.waitForFunction(() =>
    ![...document.querySelectorAll(".jp-InputPrompt")].some(({ textContent }) => textContent?.includes("*"))
  );
}

/** Brings an open notebook into a state and runs all of its cells, as a person would. */
async function runAllCells(page: Page, state: NotebookState): Promise<void> {
  await page.waitForFunction(() =>
    /\| Idle/.test(document.querySelector("#jp-main-statusbar")?.textContent ?? "")
  );
  const choose = async (menu: string, item: string) => {
    await page.getByRole("menuitem", { name: menu, exact: true }).click();
    await page.getByRole("menuitem", { name: item }).first().click();
  };
  if (state === "restarted" || state === "own") {
    await choose("Kernel", "Restart Kernel and Run All Cells…");
    await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
  } else {
    await choose("Run", "Run All Cells");
  }
  await waitForCells(page);
}

/** Types over the first cell of code. */
async function changeFirstCell(page: Page, source: string): Promise<void> {
  await page.locator(".jp-CodeCell .cm-content").first().click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(source);
}

const NAMES = scaled({ usual: ["03_train"], long: await findNotebooks() });
for (const name of NAMES) {
  Deno.test({
    // The usual suite runs one of them here: the others take minutes, and run in a Jupyter server without a page.
    name: `${name} runs in JupyterLab in Chromium with all its figures${
      scaled({ usual: "", long: ", a second time, after a restart and on other data" })
    }`,
    ignore: withoutJupyter || !(await hasProgram("chromium")),
    fn: () =>
      withProjectCopy(`lab-${name}`, {}, async (root) => {
        const folder = await Deno.makeTempDir();
        const env = { ...await labEnvironment(folder), NOTEBOOKS_QUICK: "1" };
        const logPath = join(folder, "jupyter.log");
        const server = await startJupyter({ root, port: freePort(), logPath, env });
        const path = `notebooks/${name}.ipynb`;
        const place = new URL(`/lab/tree/${path}?token=${server.token}`, server.address);
        try {
          await withBrowser((browser) =>
            // As high as the notebook: JupyterLab takes cells that are out of sight off the page.
            withPage(browser, place, async ({ page }) => {
              page.setDefaultTimeout(600_000);
              for (const state of NOTEBOOK_STATES.slice(0, scaled({ usual: 1, long: 4 }))) {
                if (state === "own") {
                  const { cells } = parseExecutedNotebook(await Deno.readTextFile(join(root, path)));
                  const { prepare, edits } = OWN_DATA[name]!;
                  await prepare(root);
                  const first = cells.find(({ cell_type }) => cell_type === "code");
                  await changeFirstCell(page, withEdits(joined(first?.source), edits));
                }
                await runAllCells(page, state);
                const figures = EXPECTED_OUTPUTS[name]!.outputs.filter((output) =>
                  output.startsWith("figure")
                );
                await page.waitForFunction(
                  (count) => document.querySelectorAll(".main-svg .gtitle").length === count,
                  figures.length,
                );
                await keepScreenshot(page, `lab-${name}-${state}`);
                const count = (selector: string) => page.locator(selector).count();
                assert.equal(await count("[data-mime-type='application/vnd.jupyter.error']"), 0, state);
                assert.equal(await count(".jp-OutputArea-executeResult"), 0, `${state}: a value is printed`);
              }
              // JupyterLab takes cells out of sight off the page: all must be in sight.
            }, { offline: false, width: 1300, height: 14_000 })
          );
        } finally {
          await server.close();
          await Deno.remove(folder, { recursive: true });
        }
      }),
  });
}
