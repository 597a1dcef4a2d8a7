import assert from "node:assert/strict";
import { join } from "node:path";
import { createDetector, detectAll, type DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { addOperatingPoint } from "lib/learning/model_package/write_package.ts";
import {
  frequencyOfBands,
  inBlocks,
  type Tone,
  toneRecording,
} from "tests/learning/detect/tone_recording.ts";
import { type ToneModelOptions, writeToneModel } from "tests/learning/model_package/tone_model.ts";

async function toneModel(options: ToneModelOptions = {}, thresholds: number[] = []): Promise<ModelPackage> {
  const folder = await Deno.makeTempDir();
  try {
    const dir = join(folder, "tone");
    await writeToneModel(dir, { eventNames: ["low", "high"], ...options });
    for (const threshold of thresholds) {
      const at = "2026-11-21T10:00:00Z";
      await addOperatingPoint(dir, {
        event: "low",
        threshold,
        chosenBy: "hand",
        chosenOn: "a",
        at,
        curve: [],
      });
    }
    return await openPackage(dir);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TONES: readonly (Tone & { label: string })[] = [
  { onset: 2, offset: 3, frequency: frequencyOfBands(0), label: "low" },
  { onset: 5, offset: 5.5, frequency: frequencyOfBands(4), label: "high" },
  { onset: 19.5, offset: 20, frequency: frequencyOfBands(0), label: "low" },
];
const RECORDING = toneRecording(20, TONES);

Deno.test("detectAll() finds each tone under its label, to a score's width", async () => {
  const detector = await createDetector(await toneModel());
  const { events, duration } = await detectAll(detector, inBlocks(RECORDING, 1000));
  assert.equal(duration, 20);
  assert.deepEqual(events.map((event) => event.label), TONES.map((tone) => tone.label));
  events.forEach((event, i) => {
    assert(Math.abs(event.onset - TONES[i]!.onset) <= 0.08, `onset ${event.onset}`);
    assert(Math.abs(event.offset - TONES[i]!.offset) <= 0.08, `offset ${event.offset}`);
    assert(event.score > 0.9 && event.score <= 1);
  });
});

Deno.test("createDetector() finds the same live, in small chunks and blocks, as offline", async () => {
  const model = await toneModel();
  const offline = await detectAll(await createDetector(model), inBlocks(RECORDING, 100_000));
  const live = await detectAll(await createDetector(model, { chunkSeconds: 0.5 }), inBlocks(RECORDING, 160));
  assert.deepEqual(live.events.map(withoutScore), offline.events.map(withoutScore));
  live.events.forEach((event, i) => assert(Math.abs(event.score - offline.events[i]!.score) < 1e-5));
});

Deno.test("createDetector() gives an event while the recording goes on, and adds the start time", async () => {
  const detector = await createDetector(await toneModel(), { chunkSeconds: 0.5 });
  const seen: { at: number; event: DetectedEvent }[] = [];
  for await (const detection of detector.detect(inBlocks(RECORDING, 800), { startTime: 100 })) {
    for (const event of detection.events) seen.push({ at: detection.scoredUntil, event });
  }
  assert.equal(seen.length, 3);
  for (const { at, event } of seen) {
    assert(event.onset > 100);
    assert(at - event.offset < 1.5, "known within a second and a half after its end");
  }
});

Deno.test("createDetector() takes the operating point added last, and what the user wants before it", async () => {
  const model = await toneModel({ postprocessing: { offsetRatio: 0.8 } }, [0.3, 0.6]);
  const byModel = await createDetector(model);
  assert.deepEqual(byModel.settings.map((s) => [s.events.label, s.events.onsetThreshold]), [
    ["low", 0.6],
    ["high", 0.5],
  ]);
  assert.equal(byModel.settings[0]!.events.offsetThreshold, 0.6 * 0.8);

  const byUser = await createDetector(model, {
    events: ["low"],
    threshold: 0.9,
    postprocessing: { minDuration: 0.7, mergeGap: undefined },
  });
  assert.deepEqual(byUser.settings.map((s) => s.events.onsetThreshold), [0.9]);
  assert.equal(byUser.settings[0]!.events.mergeGap, byModel.settings[0]!.events.mergeGap);
  const { events } = await detectAll(byUser, inBlocks(RECORDING, 1000));
  assert.deepEqual(
    events.map((event) => event.label),
    ["low"],
    "the shorter one and the other sound are gone",
  );
});

Deno.test("createDetector() averages the thresholds of several models", async () => {
  const models = [await toneModel({}, [0.3]), await toneModel({}, [0.6])];
  const detector = await createDetector(models);
  assert(Math.abs(detector.settings[0]!.events.onsetThreshold - 0.45) < 1e-12);
});

Deno.test("createDetector() refuses an event that no model knows", async () => {
  const model = await toneModel();
  await assert.rejects(
    createDetector(model, { events: ["bark"] }),
    /No model knows the event "bark", only low, high/,
  );
});

function withoutScore({ onset, offset, label }: DetectedEvent): unknown {
  return { onset, offset, label };
}
