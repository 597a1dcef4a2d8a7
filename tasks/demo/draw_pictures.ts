import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runToEnd } from "lib/base/system/run_program.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { writeFigurePicture } from "lib/show/report/figure_picture.ts";
import { writePagePicture } from "lib/show/report/page_picture.ts";
import { startLabeler } from "lib/web/pages/start_labeler.ts";

/** What the pictures show. */
interface DemoPictures {
  readonly timeline: Figure;
  readonly recording: string;
  readonly label: string;
  /** Folder of what was found. */
  readonly found: string;
  readonly signal: AbortSignal;
}

/** Draws the demo's timeline, its report and the labelling page with its recording as `<name>.png` into a folder. */
export async function drawPictures(
  folder: string,
  { timeline, recording, label, found, signal }: DemoPictures,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeFigurePicture(join(folder, "timeline.png"), timeline, { signal });
  const report = pathToFileURL(join(found, "report.html"));
  await writePagePicture(join(folder, "report.png"), report, { width: 1000, height: 1260, signal });
  const labeler = await startLabeler({
    events: [label],
    ledger: join(dirname(recording), "labels.jsonl"),
    foundFolder: dirname(found),
    recordings: [recording],
  });
  try {
    // playwright asks for every permission there is, which the demo itself does not need.
    const script = new URL("./draw_label_page.ts", import.meta.url).pathname;
    await runToEnd(Deno.execPath(), ["run", "-qA", script, labeler.url, join(folder, "label.png")], {
      signal,
    });
  } finally {
    await labeler.close();
  }
}
