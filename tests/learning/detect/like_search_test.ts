import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { createLikeSearch } from "lib/learning/detect/like_search.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

const RATE = 16_000;

/** Half a second of a tone that rises over an octave. */
function chirp(level: number, from: number): Float32Array<ArrayBuffer> {
  let phase = 0;
  return Float32Array.from({ length: RATE / 2 }, (_, i) => {
    phase += 2 * Math.PI * from * 2 ** (i / (RATE / 2)) / RATE;
    return level * Math.sin(phase);
  });
}

async function withRecording(check: (folder: string, recording: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const random = createRandom("like");
    const samples = Float32Array.from({ length: 30 * RATE }, () => 0.01 * random.normal());
    const add = (onset: number, sound: Float32Array) =>
      sound.forEach((v, i) => samples[onset * RATE + i]! += v);
    for (const onset of [4, 11.5, 23]) add(onset, chirp(0.1, 500));
    // Other sounds: the same falling, and a steady tone.
    for (const onset of [8, 19]) add(onset, chirp(0.3, 500).reverse());
    add(15, Float32Array.from({ length: RATE }, (_, i) => 0.3 * Math.sin(2 * Math.PI * 700 * i / RATE)));
    const recording = join(folder, "recording.wav");
    await writeWav(recording, samples, { sampleRate: RATE });
    await check(folder, recording);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("createLikeSearch() finds what sounds like a clip before what does not, at its place", async () => {
  await withRecording(async (folder, recording) => {
    const clip = join(folder, "clip.wav");
    const padded = new Float32Array(RATE);
    // Louder than in the recording, in the middle of silence, and recorded at another rate.
    padded.set(chirp(0.8, 500), RATE / 4);
    await writeWav(clip, padded, { sampleRate: RATE });
    const search = await createLikeSearch([clip], { label: "chirp", count: 3 });
    const { events, duration, scores, grid } = await search.run(fileRecording(recording));
    assert.equal(duration, 30);
    assert.equal(events.length, 3);
    [4, 11.5, 23].forEach((onset, i) => {
      assert.equal(events[i]!.label, "chirp");
      assert(Math.abs(events[i]!.onset - onset) < 0.08, `onset ${events[i]!.onset}`);
      assert(Math.abs(events[i]!.offset - onset - 0.5) < 0.12, `offset ${events[i]!.offset}`);
      assert(events[i]!.score > 0.4 && events[i]!.score <= 1);
    });
    assert(Math.abs(scores.length * grid.period - 29.5) < 0.2);
    const twoMore = await (await createLikeSearch([clip], { label: "chirp", count: 5 })).run(
      fileRecording(recording),
    );
    const rest = twoMore.events.filter((event) => !events.some((other) => other.onset === event.onset));
    assert(rest.every((event) => event.score < Math.min(...events.map((other) => other.score)) - 0.1));
  });
});

Deno.test("createLikeSearch() with several clips takes the one most alike", async () => {
  await withRecording(async (folder, recording) => {
    const rising = join(folder, "rising.wav");
    const falling = join(folder, "falling.wav");
    await writeWav(rising, chirp(0.5, 500), { sampleRate: RATE });
    await writeWav(falling, chirp(0.5, 500).reverse(), { sampleRate: RATE });
    const search = await createLikeSearch([rising, falling], { label: "chirp", count: 5 });
    const { events } = await search.run(fileRecording(recording));
    assert.deepEqual(events.map((event) => Math.round(event.onset * 2) / 2), [4, 8, 11.5, 19, 23]);
  });
});

Deno.test("createLikeSearch() says what is wrong with a clip", async () => {
  await withRecording(async (folder) => {
    const clip = join(folder, "clip.wav");
    const options = { label: "x", count: 1 };
    await assert.rejects(createLikeSearch([clip], options), AudioError);
    await writeWav(clip, new Float32Array(RATE), { sampleRate: RATE });
    await assert.rejects(createLikeSearch([clip], options), /it is silent/);
    await writeWav(clip, chirp(0.5, 500).subarray(0, 800), { sampleRate: RATE });
    await assert.rejects(createLikeSearch([clip], options), /give a longer clip/);
  });
});
