import assert from "node:assert/strict";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { findCandidates } from "lib/work/harvest/find_candidates.ts";
import { loudestSample } from "lib/work/harvest/loudest_sample.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { openRecordingSound } from "lib/work/harvest/recording_sound.ts";
import { onsetsInWindow } from "lib/work/harvest/window_onsets.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { plantedRecording } from "tests/work/harvest/planted_recording.ts";

Deno.test("onsetsInWindow() finds onsets, but none where a muted part ends", async () => {
  const stream = plantStream({ silent: [{ start: 40, end: 60 }] });
  const sound = await plantedRecording(stream).read({ start: 20, end: 90 });
  const times = onsetsInWindow(sound!, { start: 25, end: 90 }).filter((onset) => onset.salience > 5)
    .map((onset) => Math.round(onset.onset));
  assert.deepEqual([...new Set(times)], [30, 75]);
});

Deno.test("findCandidates() says why there is none", async () => {
  const stream = plantStream({ silent: [{ start: 40, end: 70 }] });
  const recording = plantedRecording(stream);
  const problem = async (time: number) => (await findCandidates(recording, { times: [time] })).problem;
  assert.equal(await problem(35), undefined);
  assert.equal(await problem(65), "muted");
  assert.equal(await problem(900), "outside");
  const steady = plantStream({ events: [], others: [] });
  const { problem: quiet, candidates } = await findCandidates(plantedRecording(steady), { times: [60] });
  assert.deepEqual([quiet, candidates.length], ["no-onset", 0]);
});

Deno.test("loudestSample() is where the plain way would look", async () => {
  const stream = plantStream();
  const sound = await plantedRecording(stream).read({ start: 20, end: 60 });
  const time = loudestSample(sound!, { start: 25, end: 45 });
  assert(time !== undefined && time >= 30 && time <= 30.6, `${time}`);
  assert.equal(loudestSample(sound!, { start: 500, end: 510 }), undefined);
});

Deno.test("openRecordingSound() reads windows of the chat's time line", async () => {
  const stream = plantStream({ seconds: 60, events: [30], others: [] });
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  await writeWav(path, stream.samples, { sampleRate: stream.sampleRate, format: "float32" });
  const sound = await openRecordingSound(fileRecording(path), { offset: 100 });
  assert.deepEqual(sound.span, { start: 100, end: 160 });
  const read = await sound.read({ start: 130, end: 131 });
  assert(read!.start <= 130 && read!.start + read!.samples.length / 16_000 >= 131);
  const first = Math.round((read!.start - 100) * 16_000);
  assert.deepEqual(read!.samples, stream.samples.slice(first, first + read!.samples.length));
  assert.equal(await sound.read({ start: 10, end: 20 }), undefined);
  await Deno.remove(path);
});
