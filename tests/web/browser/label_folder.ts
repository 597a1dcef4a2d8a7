import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { writeFoundFolder } from "lib/work/search/found_folder.ts";
import { encodeFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";

const RATE = 16_000;
/** Seconds from one event to the next. */
const SPACING = 2;
/** Seconds from one score to the next. */
const PERIOD = 0.08;

/**
 * Makes a folder with a recording in `vods`, one short tone every two seconds over faint noise, and with what a search would have
 * found in it in `found`: as many events as wanted, and scores over time.
 */
export async function withLabelFolder(
  events: number,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const random = createRandom(8);
    const samples = new Float32Array((events * SPACING + 2) * RATE);
    for (let i = 0; i < samples.length; i++) samples[i] = 0.004 * random.uniform(-1, 1);
    const scores = Float32Array.from({ length: samples.length / RATE / PERIOD }, () => 0.15 * random.next());
    const rows = ["recording,onset,offset,label,score,clip,url"];
    const path = join(folder, "vods", "stream.wav");
    for (let event = 0; event < events; event++) {
      const onset = 1 + event * SPACING;
      const [length, pitch] = [0.3 + 0.5 * random.next(), 150 + 700 * random.next()];
      for (let i = 0; i < length * RATE; i++) {
        const fade = Math.sin(Math.PI * i / (length * RATE));
        samples[onset * RATE + i]! += 0.4 * fade * Math.sin(2 * Math.PI * pitch * i / RATE);
      }
      const score = random.uniform(0.3, 1);
      scores.fill(score, Math.round(onset / PERIOD), Math.round((onset + length) / PERIOD));
      rows.push(`${path},${onset},${(onset + length).toFixed(3)},burp,${score.toFixed(3)},,`);
    }
    for (const name of ["clips", "found", "vods"]) {
      await Deno.mkdir(join(folder, name), { recursive: true });
    }
    await Deno.writeFile(path, encodeWav(samples, { sampleRate: RATE }));
    const search = { kind: "frames", settings: [{ events: { onsetThreshold: 0.3 } }] };
    const record = {
      recording: path,
      fingerprint: { size: 1, sha256: "none" },
      search,
      warnings: [],
      events: [],
    };
    const frames = encodeFrameScores(
      { name: "scores", grid: { startTime: 0, period: PERIOD }, columns: ["burp"], data: scores },
      record,
    );
    await writeFoundFolder(join(folder, "found/stream"), { ...record, duration: samples.length / RATE }, [
      { name: "events.csv", content: rows.join("\n") + "\n" },
      { name: SCORES_FILE, content: (path) => Deno.writeFile(path, frames) },
    ]);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
