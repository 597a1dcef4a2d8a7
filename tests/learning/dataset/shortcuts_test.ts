import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { type ClipMeasures, measureClip } from "lib/learning/dataset/clip_measures.ts";
import { measureShortcuts } from "lib/learning/dataset/shortcuts.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

const random = createRandom(11);
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
let count = 0;

async function measure(samples: Float32Array, sampleRate = 16_000): Promise<ClipMeasures> {
  const path = join(folder, `${count++}.wav`);
  await writeWav(path, samples, { sampleRate, format: "float32" });
  return await measureClip(path);
}

const noise = (level: number, seconds = 1, rate = 16_000) =>
  Float32Array.from({ length: seconds * rate }, () => level * random.normal());

Deno.test("measureClip() measures level, peak, length, rate and offset", async () => {
  const sine = Float32Array.from(
    { length: 24_000 },
    (_, n) => 0.5 * Math.sin(2 * Math.PI * 1000 * n / 48_000) + 0.1,
  );
  const { levelDb, peakDb, duration, sampleRate, channels, offset, clipped, zeros } = await measure(
    sine,
    48_000,
  );
  assert.ok(Math.abs(levelDb - 10 * Math.log10(0.125 + 0.01)) < 0.01);
  assert.ok(Math.abs(peakDb - 20 * Math.log10(0.6)) < 0.01);
  assert.deepEqual([duration, sampleRate, channels], [0.5, 48_000, 1]);
  assert.ok(Math.abs(offset - 0.1) < 1e-4);
  assert.deepEqual([clipped, zeros], [0, 0]);
});

Deno.test("measureClip() sees flat tops, also of a sound that was turned down afterwards", async () => {
  const loud = Float32Array.from({ length: 16_000 }, (_, n) => 2 * Math.sin(2 * Math.PI * 200 * n / 16_000));
  const clipped = loud.map((sample) => Math.max(-1, Math.min(1, sample)));
  // Above half of the peak for two thirds of the time.
  assert.ok(Math.abs((await measure(clipped)).clipped - 2 / 3) < 0.03);
  assert.ok((await measure(clipped.map((sample) => sample * 0.2))).clipped > 0.6);
  assert.equal((await measure(loud.map((sample) => sample / 2))).clipped, 0);
});

Deno.test("measureClip() counts stretches of zeros, and where sound ends above", async () => {
  const half = noise(0.1);
  half.fill(0, 0, 8000);
  assert.equal((await measure(half)).zeros, 0.5);
  assert.ok((await measure(noise(0.1))).cutoff > 7900);
  // Sound from an 8 kHz recorder has nothing above 4 kHz.
  const narrow = await measure(noise(0.1, 1, 8000), 8000);
  assert.ok(Math.abs(narrow.cutoff - 4000) < 300, String(narrow.cutoff));
  assert.ok(narrow.holes > 0.4);
});

Deno.test("measureShortcuts() names what tells the classes apart, and nothing else", async () => {
  const many = async (make: () => Promise<ClipMeasures>) => {
    const clips: ClipMeasures[] = [];
    for (let i = 0; i < 12; i++) clips.push(await make());
    return clips;
  };
  const usual = await many(() => measure(noise(random.uniform(0.01, 0.2), random.uniform(0.5, 1))));
  const [first] = measureShortcuts(
    await many(() => measure(noise(random.uniform(0.3, 0.5), random.uniform(0.5, 1)))),
    usual,
  )
    .filter(({ feature }) => feature === "loudness");
  assert.deepEqual([first?.auc, first?.positivesHigher], [1, true]);
  assert.ok(first!.chance < 1e-4);
  const narrow = await many(() =>
    measure(noise(random.uniform(0.01, 0.2), random.uniform(0.5, 1), 8000), 8000)
  );
  const found = measureShortcuts(narrow, usual).filter(({ auc }) => auc > 0.95).map(({ feature }) => feature);
  assert.deepEqual(found.sort(), ["bandwidth", "holes of a coder", "sample rate"]);
  const longer = await many(() => measure(noise(random.uniform(0.01, 0.2), random.uniform(1.1, 1.5))));
  assert.equal(measureShortcuts(longer, usual)[0]?.feature, "length");
  assert.deepEqual(measureShortcuts(usual.slice(0, 4), usual), []);
});

Deno.test("measureShortcuts() gives the chance of an area as the normal approximation has it", async () => {
  const clips: ClipMeasures[] = [];
  for (let i = 0; i < 10; i++) clips.push({ ...await measure(noise(0.1, 0.2)), levelDb: -i });
  // Ranks 0 to 4 against 5 to 9 but for one exchange: U = 24 of 25, z = (0.96 - 0.5) / sqrt(11 / 300) = 2.402.
  const order = [0, 1, 2, 3, 5, 4, 6, 7, 8, 9].map((i) => clips[i]!);
  const loudness = measureShortcuts(order.slice(0, 5), order.slice(5)).find(({ feature }) =>
    feature === "loudness"
  );
  assert.ok(Math.abs(loudness!.auc - 0.96) < 1e-9);
  assert.ok(Math.abs(loudness!.chance - 0.0163) < 2e-4, String(loudness!.chance));
});
