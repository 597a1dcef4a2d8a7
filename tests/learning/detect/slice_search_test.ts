import assert from "node:assert/strict";
import { join } from "node:path";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { createSliceSearch, type SliceSearchOptions } from "lib/learning/detect/slice_search.ts";
import { readTemplate } from "lib/learning/detect/template.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { TONES, withToneModel } from "tests/learning/detect/with_tone_model.ts";

const OPTIONS: SliceSearchOptions = { sampleRate: 8000, sliceSeconds: 1, overlap: 10, required: 4 };

Deno.test("createSliceSearch() finds each tone where its slices intersect", async () => {
  await withToneModel(async ({ model, recording }) => {
    const search = createSliceSearch([model], OPTIONS);
    const { events, duration, scores, grid, warnings } = await search.run(fileRecording(recording));
    assert.equal(duration, 20);
    assert.deepEqual(warnings, []);
    assert.equal(grid.period, 0.1);
    assert.equal(scores.length, 200);
    assert.deepEqual(events.map((event) => event.label), TONES.map((tone) => tone.label));
    events.forEach((event, i) => {
      // A slice every tenth of a second, and scores of 80 ms that are positive from about half a tone on.
      assert(Math.abs(event.onset - TONES[i]!.onset) <= 0.2, `onset ${event.onset}`);
      assert(Math.abs(event.offset - TONES[i]!.offset) <= 0.2, `offset ${event.offset}`);
    });
  });
});

Deno.test("createSliceSearch() gives the same for one sound alone, and on a thread of its own", async () => {
  await withToneModel(async ({ model, recording }) => {
    const all = await createSliceSearch([model], OPTIONS).run(fileRecording(recording));
    const search = createSliceSearch([model], { ...OPTIONS, events: ["high"], worker: true });
    const high = await search.run(fileRecording(recording));
    await search.close();
    assert.deepEqual(high.events, all.events.filter((event) => event.label === "high"));
  });
});

Deno.test("createSliceSearch() averages several models and hears no more than the template's rate", async () => {
  await withToneModel(async ({ model, recording }) => {
    const alone = await createSliceSearch([model], OPTIONS).run(fileRecording(recording));
    const twice = await createSliceSearch([model, model], OPTIONS).run(fileRecording(recording));
    assert.deepEqual(twice.events, alone.events);
    // The high tone is at 840 Hz, the low one at 293 Hz.
    const muffled = await createSliceSearch([model], { ...OPTIONS, sampleRate: 1000 }).run(
      fileRecording(recording),
    );
    assert.deepEqual(muffled.events.map((event) => event.label), ["low", "low"]);
  });
});

Deno.test("createSliceSearch() describes everything that shapes what it finds", async () => {
  await withToneModel(({ model }) => {
    const describe = (options: Partial<SliceSearchOptions>) =>
      JSON.stringify(createSliceSearch([model], { ...OPTIONS, ...options }).description);
    assert.equal(describe({}), describe({ threads: 2, worker: true }));
    for (
      const other of [{ overlap: 5 }, { threshold: 0.6 }, { locate: "union" }, { sliceSeconds: 2 }] as const
    ) {
      assert.notEqual(describe(other), describe({}));
    }
    assert.throws(() => createSliceSearch([model], { ...OPTIONS, events: ["bark"] }), /No model knows/);
    assert.throws(() => createSliceSearch([model], { ...OPTIONS, required: 11 }), RangeError);
    return Promise.resolve();
  });
});

Deno.test("readTemplate() reads length and rate of a clip, and says what is wrong with others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "clip.wav");
    await writeWav(path, new Float32Array(11_025), { sampleRate: 22_050 });
    assert.deepEqual(await readTemplate(path), { seconds: 0.5, sampleRate: 22_050 });
    await writeWav(path, new Float32Array(0), { sampleRate: 22_050 });
    await assert.rejects(readTemplate(path), /has no sample/);
    await Deno.writeTextFile(path, "no sound");
    await assert.rejects(readTemplate(path), /must be a WAV file/);
    await assert.rejects(readTemplate(join(folder, "other.wav")), /cannot be opened/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
