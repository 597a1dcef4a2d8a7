import { join } from "node:path";
import type { Clock } from "lib/base/system/clock.ts";
import type { NewLabel } from "lib/learning/dataset/label_entry.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { openReview, type Review } from "lib/work/review/open_review.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** The recording of all tests: three seconds of a tone. */
export const RECORDING = "1746376348";

/** Runs a review of a recording and one undecided clip for each onset, on a folder of its own. */
export function withReview(
  onsets: readonly number[],
  use: (review: Review, data: string) => Promise<void>,
  clock?: Clock,
): Promise<void> {
  return inTemporaryFolder(async (data) => {
    const review = openReview({
      ledger: join(data, "labels.jsonl"),
      clipsFolder: join(data, "clips"),
      foundFolder: join(data, "found"),
      vodsFolder: join(data, "vods"),
      modelsFolder: join(data, "models"),
      cacheFolder: join(data, "cache"),
      by: "ann",
    }, { clock });
    try {
      const tone = (seconds: number) =>
        Float32Array.from({ length: 16_000 * seconds }, (_, n) => 0.3 * Math.sin(n / 5));
      await Deno.mkdir(join(data, "vods"));
      await writeWav(join(data, "vods", `${RECORDING}.wav`), tone(3), { sampleRate: 16_000 });
      const labels: NewLabel[] = [];
      for (const onset of onsets) {
        const clip = `${onset}.wav`;
        await writeWav(join(data, clip), tone(1), { sampleRate: 16_000 });
        const place = { recording: RECORDING, onset, offset: onset + 0.5, clip };
        labels.push({ ...place, label: "unsure", source: { kind: "chat" } });
      }
      await review.ledger.append(labels);
      await use(review, data);
    } finally {
      await review.close();
    }
  });
}

/** What a call fails with. */
export async function problemOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(() => undefined, (error) => (error as { problem?: unknown }).problem ?? error);
}
