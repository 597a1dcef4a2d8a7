import { join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { themeSettings } from "lib/show/plots/colours.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { runFigures } from "lib/show/report/figure_script.ts";
import { markup, scriptJson } from "lib/show/report/html.ts";
import { writePlotlyBeside } from "lib/show/report/plotly_bundle.ts";
import { jupyterProgram } from "tasks/setup/jupyter_piece.ts";
import type { ExecutedNotebook } from "tasks/notebooks/executed_notebook.ts";

const FIGURE_TYPE = "application/vnd.plotly.v1+json";
const CONVERT_TIMEOUT_MS = 300_000;
// What the page would fetch from elsewhere: it must open without a network, and tell nobody that it was opened.
const SCRIPTS = ["mathjax", "require_js", "jquery", "mermaid_js"];

/**
 * Writes a notebook with its outputs as a page that opens with its figures; plotly.js lies beside it.
 *
 * nbconvert sets text and code; it knows no figures, so they go in as HTML.
 *
 * @returns Path of the page.
 */
export async function writeNotebookPage(
  folder: string,
  name: string,
  notebook: ExecutedNotebook,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const work = await Deno.makeTempDir({ prefix: "notebook-page-" });
  try {
    const source = join(work, `${name}.ipynb`);
    await Deno.writeTextFile(source, JSON.stringify(withFigures(notebook)));
    await runToEnd(jupyterProgram("jupyter"), [
      "nbconvert",
      "--to=html",
      "--log-level=ERROR",
      ...SCRIPTS.map((script) => `--HTMLExporter.${script}_url=`),
      source,
    ], { timeoutMs: CONVERT_TIMEOUT_MS, signal });
    const page = await Deno.readTextFile(join(work, `${name}.html`));
    const path = join(folder, `${name}.html`);
    await writeFileAtomic(path, withScripts(page, await writePlotlyBeside(folder)));
    return path;
  } finally {
    await Deno.remove(work, { recursive: true }).catch(() => {});
  }
}

/** The notebook with every figure as HTML that `runFigures()` draws. */
export function withFigures(notebook: ExecutedNotebook): ExecutedNotebook {
  let count = 0;
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    ...(cell.outputs && {
      outputs: cell.outputs.map((output) => {
        const figure = output.data?.[FIGURE_TYPE];
        if (figure === undefined) return output;
        return { ...output, data: { "text/html": figureHtml(figure as Figure, `figure-${++count}`) } };
      }),
    }),
  }));
  return { ...notebook, cells };
}

function figureHtml(figure: Figure, id: string): string {
  // nbconvert's pages are light, whatever the reader's system is.
  const light = themeSettings(figure.layout, "light");
  const json = scriptJson({ ...figure, themes: { light, dark: light } });
  return markup`<div id="${id}" style="min-height:${figure.layout.height ?? 420}px"></div>
<script type="application/json" data-figure="${id}">${json}</script>`.text;
}

function withScripts(page: string, plotly: string): string {
  const local = page.replaceAll(/<script\b[^>]*\bsrc="(?:https?:[^"]*)?"[^>]*>\s*<\/script>/g, "");
  const scripts = `<script src="${plotly}"></script>\n<script>(${runFigures.toString()})();</script>\n`;
  const end = local.lastIndexOf("</body>");
  return `${local.slice(0, end)}${scripts}${local.slice(end)}`;
}
