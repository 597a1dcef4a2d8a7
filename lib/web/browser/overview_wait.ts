import { getJson } from "lib/web/browser/api_client.ts";
import type { RecordingOverview } from "lib/web/pages/api_recordings.ts";

const PERIOD_MS = 1_000;

/**
 * Asks for the overview of a recording until the pass over it is done.
 *
 * @param overview What is known of it.
 * @param onNews Told of each later one.
 */
export async function awaitOverview(
  id: string,
  overview: RecordingOverview,
  { onNews, closed }: {
    readonly onNews: (overview: RecordingOverview) => void;
    readonly closed: AbortSignal;
  },
): Promise<void> {
  let latest = overview;
  while (!latest.ready && !closed.aborted) {
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    try {
      latest = await getJson<RecordingOverview>(`/api/recordings/${id}/overview`, closed);
    } catch {
      // The server may be back the next time.
      continue;
    }
    onNews(latest);
  }
}
