import { join } from "node:path";
import { encodeWav } from "lib/audio/wav_writer.ts";
import { createRandom } from "lib/system/random.ts";

const RATE = 16_000;
/** Seconds from one event to the next. */
const SPACING = 2;

/**
 * Makes a folder with a recording in `vods`, one short tone every two seconds over faint noise, and with what a search would have
 * found in it in `found`: as many events as wanted.
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
    const rows = ["recording,onset,offset,label,score,clip,url"];
    const path = join(folder, "vods", "stream.wav");
    for (let event = 0; event < events; event++) {
      const onset = 1 + event * SPACING;
      const [length, pitch] = [0.3 + 0.5 * random.next(), 150 + 700 * random.next()];
      for (let i = 0; i < length * RATE; i++) {
        const fade = Math.sin(Math.PI * i / (length * RATE));
        samples[onset * RATE + i]! += 0.4 * fade * Math.sin(2 * Math.PI * pitch * i / RATE);
      }
      rows.push(
        `${path},${onset},${(onset + length).toFixed(3)},burp,${random.uniform(0.3, 1).toFixed(3)},,`,
      );
    }
    for (const name of ["clips", "found/stream", "vods"]) {
      await Deno.mkdir(join(folder, name), { recursive: true });
    }
    await Deno.writeFile(path, encodeWav(samples, { sampleRate: RATE }));
    await Deno.writeTextFile(join(folder, "found/stream/events.csv"), rows.join("\n") + "\n");
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
