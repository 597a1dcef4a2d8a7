import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { plotTrainingCurves } from "lib/show/plots/training_curves.ts";
import { writeLabFigures } from "tasks/setup/lab_figures.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { hasProgram } from "tests/requirements.ts";

/** What JupyterLab's page does with an extension, as far as this one needs it. */
async function openExtension(): Promise<void> {
  const page = globalThis as unknown as {
    _JUPYTERLAB: Record<string, {
      init(shared: unknown): void;
      get(name: string): Promise<
        () => {
          default: {
            rendererFactory: {
              createRenderer(): {
                node: HTMLElement;
                renderModel(model: unknown): Promise<void>;
                onAfterAttach(): void;
              };
            };
          };
        }
      >;
    }>;
    show: (figure: unknown) => Promise<void>;
  };
  class Widget {
    readonly node = document.createElement("div");
    dispose(): void {}
  }
  const extension = page._JUPYTERLAB["burp-finder-figures"]!;
  extension.init({ "@lumino/widgets": { "2.9.0": { get: () => Promise.resolve(() => ({ Widget })) } } });
  const { rendererFactory } = (await extension.get("./mimeExtension"))().default;
  const renderer = rendererFactory.createRenderer();
  page.show = async (figure) => {
    await renderer.renderModel({ data: { "application/vnd.plotly.v1+json": figure } });
    if (renderer.node.isConnected) return;
    document.body.append(renderer.node);
    renderer.onAfterAttach();
  };
}

Deno.test({
  name: "the figures of JupyterLab change in place when a plot is updated",
  ignore: !(await hasProgram("chromium")),
  fn: async () => {
    const environment = await Deno.makeTempDir();
    try {
      assert.equal(await writeLabFigures(environment), false);
      assert.equal(await writeLabFigures(environment), true, "it is there now");
      const folder = join(environment, "share", "jupyter", "labextensions", "burp-finder-figures");
      const { jupyterlab } = JSON.parse(await Deno.readTextFile(join(folder, "package.json")));
      const path = join(folder, "page.html");
      await Deno.writeTextFile(
        path,
        `<!DOCTYPE html><body><script src="${jupyterlab._build.load}"></script>`,
      );
      await withBrowser((browser) =>
        withPage(browser, pathToFileURL(path), async ({ page, complaints }) => {
          await page.evaluate(openExtension);
          const steps = async (count: number) => {
            const points = Array.from({ length: count }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) }));
            const figure = plotTrainingCurves([{ name: "burp", points }]);
            await page.evaluate(
              (figure) => (globalThis as unknown as { show(figure: unknown): Promise<void> }).show(figure),
              JSON.parse(JSON.stringify(figure)),
            );
            return await page.locator(".scatterlayer .js-line").first().getAttribute("d") ?? "";
          };
          const [first, second] = [await steps(3), await steps(30)];
          assert.ok(second.length > first.length, "the curve has grown");
          assert.equal(await page.locator(".main-svg .gtitle").count(), 1, "in the same place");
          // It takes the page's width a moment after it is there; this throws if it never does.
          await page.waitForFunction(() =>
            document.querySelector(".main-svg")!.getBoundingClientRect().width > 1_000
          );
          await keepScreenshot(page, "lab-figure");
          assert.deepEqual(complaints, []);
        })
      );
    } finally {
      await Deno.remove(environment, { recursive: true });
    }
  },
});
