import { join } from "node:path";
import type { Figure } from "lib/show/plots/figure.ts";
import { writeFigurePicture } from "lib/show/report/figure_picture.ts";
import { type ExecutedNotebook, joined } from "tasks/notebooks/executed_notebook.ts";

// Readable beside text, and small enough to be kept with the project.
const WIDTH = 900;

/**
 * Writes the main plot of a notebook that has been run as `notebook-<name>.png`, for the README.
 *
 * @param title How the title of the plot begins; the last such plot counts.
 * @returns Path of the picture.
 * @throws {RangeError} when the notebook shows no such plot.
 * @throws {MissingProgramError} when there is no Chromium.
 */
export async function writeNotebookPicture(
  folder: string,
  name: string,
  notebook: ExecutedNotebook,
  { title, signal }: { readonly title: string; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const figure = notebook.cells.flatMap((cell) => cell.outputs ?? [])
    .filter(({ data }) => joined(data?.["text/plain"]).startsWith(`[figure] ${title}`))
    .at(-1)?.data?.["application/vnd.plotly.v1+json"];
  if (figure === undefined) throw new RangeError(`${name} shows no figure "${title}"`);
  const path = join(folder, `notebook-${name}.png`);
  await Deno.mkdir(folder, { recursive: true });
  await writeFigurePicture(path, figure as Figure, { width: WIDTH, scale: 1, signal });
  return path;
}
