import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readPlotly } from "lib/show/report/plotly_bundle.ts";
import { registerFigureRenderer } from "tasks/setup/figure_renderer.ts";

const NAME = "burp-finder-figures";

/**
 * Writes the extension with which JupyterLab draws figures, with the project's own plotly.js, into a Python environment;
 * gives whether it was there already.
 */
export async function writeLabFigures(environment: string): Promise<boolean> {
  const folder = join(environment, "share", "jupyter", "labextensions", NAME);
  const { version, script } = await readPlotly();
  const entry = `(${registerFigureRenderer.toString()})();\n`;
  // A browser keeps what it has seen under a name.
  const entryName = `remoteEntry.${createHash("sha256").update(entry).digest("hex").slice(0, 12)}.js`;
  const description = {
    name: NAME,
    version,
    description: "Draws figures of Burp Finder",
    license: "MIT",
    jupyterlab: {
      mimeExtension: true,
      _build: { load: `static/${entryName}`, mimeExtension: "./mimeExtension" },
    },
  };
  const text = `${JSON.stringify(description, undefined, 2)}\n`;
  const descriptionPath = join(folder, "package.json");
  if (await Deno.readTextFile(descriptionPath).catch(() => "") === text) return true;
  await Deno.mkdir(join(folder, "static"), { recursive: true });
  await writeFileAtomic(join(folder, "static", "plotly.min.js"), script);
  await writeFileAtomic(join(folder, "static", entryName), entry);
  // Last: it says that the rest is there.
  await writeFileAtomic(descriptionPath, text);
  return false;
}
