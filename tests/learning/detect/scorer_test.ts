import assert from "node:assert/strict";
import { join } from "node:path";
import {
  createScorer,
  scoreBlocks,
  type ScoreChunk,
  scoreGrid,
  type ScorerOptions,
} from "lib/learning/detect/scorer.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { frequencyOfBands, inBlocks, toneRecording } from "tests/learning/detect/tone_recording.ts";
import {
  TONE_FEATURES,
  toneManifest,
  toneModelOnnx,
  type ToneModelOptions,
  writeToneModel,
} from "tests/learning/model_package/tone_model.ts";

async function toneModels(...options: ToneModelOptions[]): Promise<ModelPackage[]> {
  const folder = await Deno.makeTempDir();
  try {
    return await Promise.all(options.map(async (option, i) => {
      await writeToneModel(join(folder, `${i}`), option);
      return await openPackage(join(folder, `${i}`));
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All scores of a recording; checks that they come without gaps. */
async function collect(chunks: AsyncIterable<ScoreChunk>, width = 1): Promise<Float32Array> {
  const all: number[] = [];
  for await (const { startFrame, scores } of chunks) {
    assert.equal(startFrame, all.length / width);
    all.push(...scores);
  }
  return Float32Array.from(all);
}

async function scoreAll(
  samples: Float32Array,
  model: ModelPackage,
  options: ScorerOptions = {},
  blockSize = 1000,
): Promise<Float32Array> {
  const chunks = scoreBlocks(inBlocks(samples, blockSize), model, options);
  return await collect(chunks, model.manifest.eventNames.length);
}

function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  const largest = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  assert(largest <= tolerance, `differs by ${largest}`);
}

const LOW = frequencyOfBands(0);
const RECORDING = toneRecording(12.345, [
  { onset: 2, offset: 3.2, frequency: LOW },
  { onset: 7.7, offset: 8, frequency: LOW },
]);

Deno.test("scoreBlocks() gives one score for each started stride of frames", async () => {
  const [model] = await toneModels({});
  for (const duration of [0.01, 0.08, 0.0799, 1, 5]) {
    const samples = toneRecording(duration, []);
    const frames = Math.floor(samples.length / TONE_FEATURES.hopLength) + 1;
    assert.equal((await scoreAll(samples, model!)).length, Math.ceil(frames / 4));
  }
});

Deno.test("scoreBlocks() does not depend on the chunk size", async () => {
  const [model] = await toneModels({ eventNames: ["low", "high"] });
  const whole = await scoreAll(RECORDING, model!, { chunkSeconds: 60 });
  assert(whole.some((score) => score > 0.9) && whole.some((score) => score < 0.1));
  for (const chunkSeconds of [0.01, 0.5, 1.3, 5]) {
    assertClose(await scoreAll(RECORDING, model!, { chunkSeconds }), whole, 1e-5);
  }
});

Deno.test("scoreBlocks() does not depend on the block size, bit for bit", async () => {
  const [model] = await toneModels({});
  const options = { chunkSeconds: 2 };
  const whole = await scoreAll(RECORDING, model!, options, RECORDING.length);
  for (const size of [77, 4096]) {
    assert.deepEqual(await scoreAll(RECORDING, model!, options, size), whole);
  }
});

Deno.test("scoreBlocks() does not depend on where the recording starts", async () => {
  const [model] = await toneModels({});
  const whole = await scoreAll(RECORDING, model!);
  const strides = 13;
  const cut = await scoreAll(RECORDING.subarray(strides * 4 * TONE_FEATURES.hopLength), model!);
  // Context, and the one frame of features that reaches over the cut, on the left side.
  const affected = 3;
  assertClose(cut.subarray(affected), whole.subarray(strides + affected), 1e-5);
});

Deno.test("scoreBlocks() gives the scores that the network gives for the padded whole", async () => {
  const [model] = await toneModels({});
  const { nMels } = TONE_FEATURES;
  const { data, shape: [T] } = computeLogMel(RECORDING, TONE_FEATURES);
  // The tone model by hand, from its definition: three bands, own frames 1, context 0.1, logistic.
  const value = (t: number) =>
    t < 0 || t >= T ? -2 : (data[t * nMels]! + data[t * nMels + 1]! + data[t * nMels + 2]!) / 3;
  const expected = Float32Array.from({ length: Math.ceil(T / 4) }, (_, j) => {
    let sum = 0;
    for (let t = 4 * j - 8; t < 4 * j + 12; t++) {
      sum += value(t) * (t >= 4 * j && t < 4 * j + 4 ? 1 : 0.1) / 5.6;
    }
    return 1 / (1 + Math.exp(-12 * (sum - 0.5)));
  });
  assertClose(await scoreAll(RECORDING, model!, { chunkSeconds: 1 }), expected, 1e-5);
});

Deno.test("scoreBlocks() gives the same on a thread of its own, and with several threads", async () => {
  const [model] = await toneModels({});
  const options = { chunkSeconds: 2 };
  const here = await scoreAll(RECORDING, model!, options);
  assert.deepEqual(await scoreAll(RECORDING, model!, { ...options, worker: true }), here);
  assertClose(await scoreAll(RECORDING, model!, { ...options, threads: 2 }), here, 1e-6);
});

Deno.test("createScorer() gives of some sounds the scores that it gives of all", async () => {
  const [model] = await toneModels({ eventNames: ["low", "middle", "high"] });
  const all = await scoreAll(RECORDING, model!);
  for (const worker of [false, true]) {
    const scorer = await createScorer(model!, { events: ["high", "low"], worker });
    const some = await collect(scorer.score(inBlocks(RECORDING, 1000)), 2);
    await scorer.close();
    assert.deepEqual(scorer.eventNames, ["low", "high"]);
    assert.deepEqual(some, all.filter((_, i) => i % 3 !== 1));
  }
});

Deno.test("createScorer() scores several recordings at the same time", async () => {
  const [model] = await toneModels({});
  const other = toneRecording(9, [{ onset: 4, offset: 6, frequency: LOW }]);
  const expected = await Promise.all([RECORDING, other].map((samples) => scoreAll(samples, model!)));
  const scorer = await createScorer(model!, { worker: true, chunkSeconds: 1 });
  const together = await Promise.all(
    [RECORDING, other].map((samples) => collect(scorer.score(inBlocks(samples, 500)))),
  );
  await scorer.close();
  together.forEach((scores, i) => assertClose(scores, expected[i]!, 1e-5));
});

Deno.test("createScorer() gives scores as soon as the sound that they need is there", async () => {
  const [model] = await toneModels({});
  const scorer = await createScorer(model!, { chunkSeconds: 0.5 });
  const received = Promise.withResolvers<void>();
  const blocks = async function* () {
    const enough = Math.ceil(scorer.lookahead * scorer.sampleRate);
    yield RECORDING.subarray(0, enough);
    // A live stream that has no more for now; without the scores below, it would wait for ever.
    await received.promise;
    yield RECORDING.subarray(enough);
  };
  const chunks = scorer.score(blocks());
  const first = await chunks.next();
  assert.equal(first.value?.startFrame, 0);
  assert.equal(first.value?.scores.length, 6);
  received.resolve();
  const rest = await Array.fromAsync(chunks);
  assert.equal(rest[0]?.startFrame, 6);
});

Deno.test("createScorer() averages the models that know a sound, on the finest grid", async () => {
  const [fine, coarse] = await toneModels(
    { eventNames: ["low"], frameStride: 2 },
    { eventNames: ["low", "high"], frameStride: 4, level: 0.2 },
  );
  const a = await scoreAll(RECORDING, fine!);
  const b = await scoreAll(RECORDING, coarse!);
  const scorer = await createScorer([coarse!, fine!], { chunkSeconds: 1 });
  assert.deepEqual(scorer.grid, scoreGrid(fine!.manifest));
  assert.deepEqual(scorer.eventNames, ["low", "high"]);
  const mixed = await collect(scorer.score(inBlocks(RECORDING, 1000)), 2);
  const expected = Float32Array.from({ length: 2 * a.length }, (_, i) => {
    const row = Math.min(i >> 2, b.length / 2 - 1);
    return i % 2 === 0 ? (a[i >> 1]! + b[2 * row]!) / 2 : b[2 * row + 1]!;
  });
  assertClose(mixed, expected, 1e-5);
});

Deno.test("createScorer() gives each of several models the rate that it was trained at", async () => {
  const features = { ...TONE_FEATURES, sampleRate: 16_000, hopLength: 320, nFft: 512 };
  const [slow, fast] = await toneModels({}, { features });
  const scorer = await createScorer([slow!, fast!]);
  assert.equal(scorer.sampleRate, 16_000);
  const tone = { onset: 2, offset: 3, frequency: LOW };
  const mixed = await collect(scorer.score(inBlocks(toneRecording(6, [tone], 16_000), 5000)));
  const alone = await scoreAll(toneRecording(6, [tone]), slow!);
  // Both models hear the tone; the noise differs with the rate, and is far below it.
  assert.deepEqual(mixed.map((s) => Math.round(s)), alone.map((s) => Math.round(s)));
});

Deno.test("scoreBlocks() passes on what goes wrong while reading, and closes the recording", async () => {
  const [model] = await toneModels({});
  let closed = false;
  const blocks = async function* () {
    try {
      yield* inBlocks(RECORDING, 8000);
      throw new Error("cut short");
    } finally {
      closed = true;
    }
  };
  await assert.rejects(collect(scoreBlocks(blocks(), model!, { chunkSeconds: 1 })), /cut short/);
  assert(closed);

  closed = false;
  for await (const _ of scoreBlocks(blocks(), model!, { chunkSeconds: 1 })) break;
  assert(closed, "leaving the loop closes the recording as well");
});

Deno.test("scoreBlocks() stops when the signal aborts", async () => {
  const [model] = await toneModels({});
  const controller = new AbortController();
  const chunks = scoreBlocks(inBlocks(RECORDING, 1000), model!, {
    chunkSeconds: 1,
    signal: controller.signal,
  });
  await chunks.next();
  controller.abort(new Error("enough"));
  await assert.rejects(chunks.next(), /enough/);
});

Deno.test("createScorer() names a model whose network cannot be loaded or does not fit its manifest", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = async (name: string, options: ToneModelOptions) => {
      const dir = join(folder, name);
      await writePackage(dir, { manifest: toneManifest(options), model: toneModelOnnx(), modelCard: "" });
      return await openPackage(dir);
    };
    const twice = await write("twice", { eventNames: ["low", "high"] });
    const stride = await write("stride", { frameStride: 2 });
    for (const worker of [false, true]) {
      for (const model of [twice, stride]) {
        await assert.rejects(
          scoreAll(RECORDING, model, { worker }),
          (error: unknown) => error instanceof ModelPackageError && error.message.includes(model.dir),
        );
      }
      const model = twice.model.slice(0, twice.model.length - 9);
      const damaged = { ...twice, model, manifest: { ...twice.manifest, modelSha256: "0".repeat(64) } };
      await assert.rejects(createScorer(damaged, { worker }), /ONNX Runtime cannot load it/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
