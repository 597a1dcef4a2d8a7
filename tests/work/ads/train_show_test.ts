import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { findBreaks } from "lib/work/ads/find_breaks.ts";
import { labelledEpisode } from "lib/work/ads/labelled_episodes.ts";
import { breaksOf } from "lib/work/ads/segment.ts";
import { openShowModel } from "lib/work/ads/show_model.ts";
import { trainShow } from "lib/work/ads/train_show.ts";
import { writeTinyListener } from "tests/learning/listener/tiny_listener.ts";

const RATE = 16_000;

/** Noise with a loud tone in it from `onset` to `offset`, and its labels. */
async function writeEpisode(
  path: string,
  { onset, offset, seconds }: { readonly onset: number; readonly offset: number; readonly seconds: number },
): Promise<void> {
  const random = createRandom(path);
  const samples = Float32Array.from({ length: seconds * RATE }, (_, n) => {
    const noise = 0.05 * random.normal();
    return n >= onset * RATE && n < offset * RATE ? 0.02 * noise + 0.3 * Math.sin(n * 0.35) : noise;
  });
  await writeWav(path, samples, { sampleRate: RATE });
  await Deno.writeTextFile(path.replace(".wav", ".csv"), `onset,offset,label\n${onset},${offset},ad\n`);
}

Deno.test("a show is learnt from two labelled episodes, and its breaks are found in a third", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const base = join(dir, "listener");
    await writeTinyListener(base);
    await writeEpisode(join(dir, "01.wav"), { onset: 12, offset: 26, seconds: 44 });
    await writeEpisode(join(dir, "02.wav"), { onset: 18, offset: 36, seconds: 50 });
    await writeEpisode(join(dir, "03.wav"), { onset: 15.37, offset: 30.81, seconds: 46 });
    const episodes = [
      await labelledEpisode(join(dir, "01.wav")),
      await labelledEpisode(join(dir, "02.wav")),
    ];
    const output = join(dir, "model");
    const news = trainShow(episodes, { output, base, engine: await loadEngine(), steps: 200, seed: 3 });
    const kinds = new Set((await Array.fromAsync(news)).map(({ kind }) => kind));
    assert.deepEqual([...kinds], ["heard", "step", "done"]);
    const { segments, duration } = await findBreaks(join(dir, "03.wav"), await openShowModel(output));
    assert.equal(duration, 46);
    assert.deepEqual(segments.map(({ label }) => label), ["content", "ad", "content"]);
    const [found] = breaksOf(segments);
    assert.ok(Math.abs(found!.onset - 15.37) < 0.05, `begins at ${found!.onset}`);
    assert.ok(Math.abs(found!.offset - 30.81) < 0.05, `ends at ${found!.offset}`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a show is not learnt from episodes of one class, and no model of another kind is one of a show", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const segments = [{ onset: 0, offset: 60, label: "content" }];
    const work = trainShow([{ path: "a.wav", duration: 60, segments }], {
      output: join(dir, "model"),
      engine: await loadEngine(),
    });
    await assert.rejects(Array.fromAsync(work), /content alone: label one that has both/);
    await writeTinyListener(join(dir, "listener"));
    await assert.rejects(openShowModel(join(dir, "listener")), /no model of a show.*ads train/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
