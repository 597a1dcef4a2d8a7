/** The labelling page, as the notebook on labels opens it. */
import { type RunningLabeler, startLabeler } from "lib/web/pages/start_labeler.ts";

let open: RunningLabeler | undefined;

/** Opens the page, in place of the one that was opened before; gives its address. */
export async function openLabelPage(options: Parameters<typeof startLabeler>[0]): Promise<string> {
  await open?.close();
  open = await startLabeler(options);
  return open.url;
}
