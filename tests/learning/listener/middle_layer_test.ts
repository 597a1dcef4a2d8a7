import assert from "node:assert/strict";
import { join } from "node:path";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { createLikeSearch } from "lib/learning/detect/like_search.ts";
import { loudestRows, openMiddleLayer, valueAt } from "lib/learning/detect/middle_layer.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { createTrackStore } from "lib/work/search/track_store.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { tinyListener } from "tests/learning/listener/tiny_listener.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = 16_000;

async function withMiddle(
  run: (middle: NonNullable<Awaited<ReturnType<typeof openMiddleLayer>>>, folder: string) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const { content } = tinyListener();
    await writePackage(join(folder, "listener"), content);
    const middle = await openMiddleLayer(join(folder, "listener"));
    assert(middle);
    await run(middle, folder);
  });
}

function noise(seconds: number, seed: string): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  return Float32Array.from({ length: seconds * RATE }, () => 0.01 * random.normal());
}

Deno.test("the middle layer gives the same rows however the samples come, one for every 160 ms", () =>
  withMiddle(async ({ open, width, grid }) => {
    const samples = noise(70, "middle");
    const whole = open(RATE);
    const expected = concatenate([await whole.push(samples), await whole.flush()]);
    assert.equal(expected.length / width, Math.ceil((samples.length / 160 + 1) / 16));
    assert.equal(grid.period, 0.16);
    const pieces = open(RATE);
    const rows: Float32Array[] = [];
    for (let at = 0; at < samples.length; at += 30_011) {
      rows.push(await pieces.push(samples.subarray(at, at + 30_011)));
    }
    rows.push(await pieces.flush());
    assert.deepEqual(concatenate(rows), expected);
  }));

Deno.test("openMiddleLayer() has nothing of a model that was exported without it", () =>
  inTemporaryFolder(async (folder) => {
    await writeToneModel(join(folder, "tone"));
    assert.equal(await openMiddleLayer(join(folder, "tone")), undefined);
  }));

Deno.test("loudestRows() takes those in which most happens, as many as were asked for", async () => {
  const values = Float32Array.of(1, 0, -3, 1, 0, 3, 2, 2, 0, 1);
  const stream = {
    push: () => Promise.resolve(values.slice(0, 4)),
    flush: () => Promise.resolve(values.slice(4)),
  };
  const middle = { modelSha256: "", grid: { startTime: 0, period: 0.2 }, width: 2, open: () => stream };
  const rows = async (
    seconds: number,
  ) => [...await loudestRows(middle, { samples: new Float32Array(1), sampleRate: RATE, seconds })];
  assert.deepEqual(await rows(0.4), [-3, 1, 0, 3]);
  assert.deepEqual(await rows(0.01), [-3, 1]);
  // A clip that is shorter than that gives all it has.
  assert.deepEqual(await rows(60), [...values]);
});

Deno.test("valueAt() is a row's value in its middle, and goes straight from one to the next", () => {
  const grid = { startTime: 0, period: 0.2 };
  const values = Float32Array.of(1, 3, 0);
  const at = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 9].map((time) => Number(valueAt(values, grid, time).toFixed(6)));
  assert.deepEqual(at, [1, 1, 2, 3, 1.5, 0, 0]);
});

Deno.test("createLikeSearch() with a network still finds what sounds like a clip first, by another likeness", () =>
  withMiddle(async (middle, folder) => {
    const chirp = Float32Array.from({ length: RATE / 2 }, (_, n) => 0.2 * Math.sin(n / 20 + n * n / 60_000));
    const samples = noise(30, "like");
    for (const onset of [4, 11.5, 23]) chirp.forEach((value, n) => samples[onset * RATE + n]! += value);
    const [clip, recording] = [join(folder, "clip.wav"), join(folder, "recording.wav")];
    await writeWav(clip, chirp, { sampleRate: RATE });
    await writeWav(recording, samples, { sampleRate: RATE });
    const bands = await createLikeSearch([clip], { label: "chirp", count: 3 });
    const both = await createLikeSearch([clip], { label: "chirp", count: 3, middle });
    assert.notDeepEqual(
      bands.description,
      both.description,
      "what was found by one is not what the other would find",
    );
    const [byBands, byBoth] = [
      await bands.run(fileRecording(recording)),
      await both.run(fileRecording(recording)),
    ];
    assert.deepEqual(byBoth.events.map(({ onset }) => Math.round(2 * onset) / 2), [4, 11.5, 23]);
    byBoth.events.forEach(({ score }, i) => assert(score !== byBands.events[i]!.score && score <= 1));
  }));

Deno.test("createLikeSearch() finds the same with what a network made of the recording before, and hears it once", () =>
  withMiddle(async (middle, folder) => {
    const [clip, recording] = [join(folder, "clip.wav"), join(folder, "recording.wav")];
    await writeWav(recording, noise(40, "kept"), { sampleRate: RATE });
    await writeWav(clip, noise(1, "clip"), { sampleRate: RATE });
    let opened = 0;
    const counting = { ...middle, open: (rate: number) => (opened++, middle.open(rate)) };
    const search = await createLikeSearch([clip], { label: "x", count: 3, middle: counting });
    const kept = createTrackStore(join(folder, "tracks"), { maxBytes: 1e9, now: () => 0 }).of("file-1");
    const plain = await search.run(fileRecording(recording));
    opened = 0;
    const first = await search.run(fileRecording(recording), { kept });
    const second = await search.run(fileRecording(recording), { kept });
    assert.equal(opened, 1);
    assert.deepEqual(first, plain);
    assert.deepEqual(second, plain);
  }));
