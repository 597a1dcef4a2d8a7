import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { systemClock } from "lib/system/clock.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { scaled } from "tests/long_run.ts";
import { hasJupyter, hasProgram } from "tests/requirements.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs `deno task notebook` for the time of `use`, with settings and demo data of its own. */
async function withLab(use: (address: URL) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  // What is shown here must not be saved into the project's notebooks.
  const settings = join(folder, "settings", "@jupyterlab", "docmanager-extension");
  await Deno.mkdir(settings, { recursive: true });
  await Deno.writeTextFile(join(settings, "plugin.jupyterlab-settings"), '{"autosave": false}');
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const lab = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tasks/notebook.ts", "--no-browser", `--port=${port}`],
    cwd: ROOT,
    env: {
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
      NOTEBOOKS_FOLDER: join(folder, "data"),
      NOTEBOOKS_QUICK: "1",
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { address, ended } = readAddress(lab.stderr);
  try {
    await use(await address);
  } finally {
    try {
      lab.kill("SIGINT");
    } catch {
      // It has ended by itself, and its last words tell why.
    }
    await Promise.all([lab.status, ended]);
    await Deno.remove(folder, { recursive: true });
  }
}

/** The address that JupyterLab prints, with its token. The rest is read as well, so that it never waits. */
function readAddress(stderr: ReadableStream<Uint8Array>): { address: Promise<URL>; ended: Promise<void> } {
  const found = Promise.withResolvers<URL>();
  const read = async () => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of stderr) {
      text += decoder.decode(part, { stream: true });
      const match = /http:\/\/127\.0\.0\.1:\d+\/lab\S*token=\w+/.exec(text);
      if (match) found.resolve(new URL(match[0]));
    }
    found.reject(new Error(`JupyterLab printed no address:\n${text.slice(-2000)}`));
  };
  return { address: found.promise, ended: read() };
}

/** Asks until there is an answer: JupyterLab prints its address a moment before it listens. */
async function fetchJson(address: URL) {
  for (let attempt = 1;; attempt++) {
    try {
      return await (await fetch(address)).json();
    } catch (error) {
      if (attempt === 100) throw error;
      await systemClock.sleep(300);
    }
  }
}

/** Runs all cells of an open notebook as a person would, and waits for the last. */
async function runAllCells(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    /\| Idle/.test(document.querySelector("#jp-main-statusbar")?.textContent ?? "")
  );
  await page.getByText("Run", { exact: true }).first().click();
  await page.getByText("Run All Cells", { exact: true }).click();
  await page.waitForSelector(".jp-InputPrompt:has-text('*')");
  await page.waitForFunction(() =>
    ![...document.querySelectorAll(".jp-InputPrompt")].some(({ textContent }) => textContent?.includes("*"))
  );
}

Deno.test({
  // The usual suite asks JupyterLab for its kernels only; running notebooks in it takes minutes.
  name: `deno task notebook opens JupyterLab with the project's kernel${
    scaled({ usual: "", long: ", and notebooks run there in Chromium with all their figures" })
  }`,
  ignore: !(await hasJupyter()) || !(await hasProgram("chromium")),
  fn: () =>
    withLab(async (address) => {
      const { kernelspecs } = await fetchJson(new URL(`/api/kernelspecs${address.search}`, address));
      const { name, language, display_name } = NOTEBOOK_METADATA.kernelspec;
      assert.equal(kernelspecs[name].spec.display_name, display_name);
      assert.equal(kernelspecs[name].spec.language, language);
      for (
        const notebook of scaled({
          usual: [],
          long: ["04_tune_threshold", "05_review_errors", "06_bot_replay"],
        })
      ) {
        const place = new URL(`/lab/tree/notebooks/${notebook}.ipynb${address.search}`, address);
        const open = (use: (page: Page) => Promise<void>) =>
          withBrowser((browser) =>
            // As high as the notebook: JupyterLab takes cells that are out of sight off the page.
            withPage(browser, place, ({ page }) => use(page), { offline: false, width: 1300, height: 9000 })
          );
        await open(async (page) => {
          page.setDefaultTimeout(600_000);
          await runAllCells(page);
          assert.equal(await page.locator("[data-mime-type='application/vnd.jupyter.error']").count(), 0);
          const figures = EXPECTED_OUTPUTS[notebook]!.outputs.filter((output) => output.startsWith("figure"));
          await page.waitForFunction(
            (count) => document.querySelectorAll(".main-svg .gtitle").length === count,
            figures.length,
          );
          await keepScreenshot(page, `lab-${notebook}`);
        });
      }
    }),
});
