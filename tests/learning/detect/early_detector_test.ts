import assert from "node:assert/strict";
import { createEarlyDetector } from "lib/learning/detect/early_detector.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import { createDetector, detectAll } from "lib/learning/detect/streaming_detector.ts";
import { inBlocks, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { TONES, withToneModel } from "tests/learning/detect/with_tone_model.ts";

const RATE = 8000;
const RECORDING = toneRecording(20, TONES);

/** A recording in segments of 2 s, each in blocks of half a second; `timeOf` moves their times. */
async function* segmented(
  samples: Float32Array,
  options: { readonly timeOf?: (seconds: number) => number | undefined; readonly onSegment?: () => void } =
    {},
): AsyncGenerator<TimedBlock> {
  for (let at = 0; at < samples.length; at += RATE / 2) {
    const seconds = at / RATE;
    const streamTime = options.timeOf ? options.timeOf(seconds) : seconds;
    const endsSegment = (seconds + 0.5) % 2 === 0;
    if (streamTime !== undefined) {
      yield await Promise.resolve({ samples: samples.slice(at, at + RATE / 2), streamTime, endsSegment });
    }
  }
}

async function hear(blocks: AsyncIterable<TimedBlock>, model: Parameters<typeof createEarlyDetector>[0]) {
  const detector = await createEarlyDetector(model);
  const hearings: Exclude<Hearing, { kind: "scored" }>[] = [];
  for await (const hearing of detector.listen(blocks)) if (hearing.kind !== "scored") hearings.push(hearing);
  await detector.close();
  return hearings;
}

Deno.test("createEarlyDetector() tells an event with the block that ends its segment, before its future is there", async () => {
  await withToneModel(async ({ model }) => {
    const detector = await createEarlyDetector(model);
    let given = 0;
    const seen: { readonly at: number; readonly onset: number }[] = [];
    async function* counted() {
      for await (const block of segmented(RECORDING)) {
        given = block.streamTime + 0.5;
        yield block;
      }
    }
    for await (const hearing of detector.listen(counted())) {
      if (hearing.kind === "heard") seen.push({ at: given, onset: hearing.event.onset });
    }
    // The first tone ends at 3 s, the second at 5.5 s: at 4 and 6 s their segments are here. One block more may be read.
    assert.deepEqual(seen.map(({ onset }) => Math.round(onset * 2) / 2), [2, 5, 19.5]);
    assert(seen[0]!.at <= 4.5 && seen[1]!.at <= 6.5, JSON.stringify(seen));
    await detector.close();
  });
});

Deno.test("createEarlyDetector() gives the events of the detector, each heard once and settled once", async () => {
  await withToneModel(async ({ model }) => {
    const hearings = await hear(segmented(RECORDING), model);
    const detector = await createDetector(model, { chunkSeconds: 1 });
    const { events } = await detectAll(detector, inBlocks(RECORDING, 4000));
    const certain = hearings.filter((hearing) =>
      hearing.kind === "confirmed" || (hearing.kind === "heard" && !hearing.provisional)
    ).map(({ event }) => event);
    assert.deepEqual(certain, events);
    const heard = hearings.filter(({ kind }) => kind === "heard").map(({ id }) => id);
    assert.deepEqual(heard, [1, 2, 3]);
    for (const id of heard) {
      assert.equal(hearings.filter((h) => h.id === id && h.kind === "confirmed").length, 1);
    }
  });
});

Deno.test("createEarlyDetector() keeps times true over short and long gaps, and hears nothing twice", async () => {
  await withToneModel(async ({ model }) => {
    for (const gap of [0.75, 3, 60]) {
      // From 10 s on everything is later; nothing is cut out.
      const moved = segmented(RECORDING, { timeOf: (seconds) => seconds < 10 ? seconds : seconds + gap });
      const heard = (await hear(moved, model)).filter(({ kind }) => kind === "heard").map(({ event }) =>
        event.onset
      );
      assert.equal(heard.length, 3, `gap of ${gap} s: ${heard}`);
      assert(Math.abs(heard[2]! - 19.5 - gap) <= 0.08, `${heard[2]}`);
    }
    // Three seconds come again.
    const repeated = (async function* () {
      yield* segmented(RECORDING.slice(0, 6 * RATE));
      yield* segmented(RECORDING.slice(3 * RATE), { timeOf: (seconds) => seconds + 3 });
    })();
    const heard = (await hear(repeated, model)).filter(({ kind }) => kind === "heard").map(({ event }) =>
      event.onset
    );
    assert.deepEqual(heard.map((onset) => Math.round(onset * 2) / 2), [2, 5, 19.5]);
  });
});
