import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";

/** Where a page gets plotly.js from: a copy inside the page (4.8 MB), or a file beside it that many pages share. */
export type PlotlyPlace = "inline" | "beside";

/** plotly.js as the pinned npm package has it. */
interface PlotlyBundle {
  readonly version: string;
  /** The whole script. */
  readonly script: string;
}

let bundle: Promise<PlotlyBundle> | undefined;

/** Reads plotly.js, once per process. */
export function readPlotly(): Promise<PlotlyBundle> {
  return bundle ??= read();
}

async function read(): Promise<PlotlyBundle> {
  const folder = dirname(createRequire(import.meta.url).resolve("plotly.js-dist-min/package.json"));
  const manifest: unknown = JSON.parse(await Deno.readTextFile(join(folder, "package.json")));
  const version = (manifest as { version?: unknown }).version;
  const script = await Deno.readTextFile(join(folder, "plotly.min.js"));
  if (typeof version !== "string") throw new TypeError(`plotly.js-dist-min in ${folder} has no version`);
  // Inside a page, these would end the script or open a comment that hides its end.
  if (/<\/script|<!--[^]*<script/i.test(script)) {
    throw new SyntaxError(`plotly.js ${version} cannot stand inside a page: use it beside the page`);
  }
  return { version, script };
}

/** Writes plotly.js into a folder unless it is there, and returns its file name, which holds the version. */
export async function writePlotlyBeside(folder: string): Promise<string> {
  const { version, script } = await readPlotly();
  const name = `plotly-${version}.min.js`;
  const path = join(folder, name);
  const present = await Deno.stat(path).catch(() => undefined);
  if (present?.size !== new TextEncoder().encode(script).length) await writeFileAtomic(path, script);
  return name;
}
