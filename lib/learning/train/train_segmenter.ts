import { framesToSeconds } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { type Batch, scoreGrid } from "lib/learning/dataset/batch.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { type Architecture, contextFrames, frameStride } from "lib/learning/model/architecture.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { splitTrunk } from "lib/learning/train/kept_trunk.ts";
import { createNetwork, initialState, type WeightArrays } from "lib/learning/train/network.ts";
import { type RecordingValues, recordingValues } from "lib/learning/train/recording_values.ts";
import { startFrom } from "lib/learning/train/weights_file.ts";

/** A recording of which every moment is known. */
export interface LabelledRecording {
  /** Opens it at the features' rate. */
  readonly open: () => Promise<{ readonly blocks: AsyncIterable<Float32Array> }>;
  /** Where the class sounds, in seconds. */
  readonly active: readonly { readonly onset: number; readonly offset: number }[];
}

/** How the layers over time are trained. */
export interface SegmenterConfig {
  readonly steps: number;
  readonly batchSize: number;
  /** Scores in a window, some 40 s. */
  readonly windowScores: number;
  readonly learningRate: number;
  readonly seed: string | number;
}

export const DEFAULT_SEGMENTER = Object.freeze(
  { steps: 250, batchSize: 6, windowScores: 256, learningRate: 2e-3 } as const satisfies Omit<
    SegmenterConfig,
    "seed"
  >,
);

/** News of a training: a recording was heard, or a step was taken. */
export type SegmenterNews =
  | { readonly kind: "heard"; readonly recordings: number }
  | { readonly kind: "step"; readonly step: number; readonly loss: number }
  | { readonly kind: "done"; readonly weights: WeightArrays };

/** Scores whose target is not clear: those at a boundary count nothing. */
const BOUNDARY_SCORES = 1;

/**
 * Trains a network that says for every moment of long recordings whether a class sounds. Its trunk stays as it is and hears each
 * recording once; the layers over time learn on windows of what it makes of them, half of which hold a boundary.
 *
 * @param job.base Weights of the trunk.
 */
export async function* trainSegmenter(
  tf: TensorFlow,
  recordings: Iterable<LabelledRecording>,
  { architecture, features, base, config, signal }: {
    readonly architecture: Architecture;
    readonly features: FeatureConfig;
    readonly base: WeightArrays;
    readonly config: SegmenterConfig;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<SegmenterNews> {
  const { seed, steps } = config;
  const { trunk, head } = splitTrunk(architecture);
  const whole = createNetwork(tf, architecture, {
    state: startFrom(architecture, initialState(architecture, seed), base).state,
  });
  const weights = await whole.weights();
  whole.dispose();
  const lessons: Lesson[] = [];
  for (const { open, active } of recordings) {
    const heard = await recordingValues(tf, (await open()).blocks, { trunk, weights, features, signal });
    const targets = targetsOf(heard, active, scoreGrid(features, frameStride(trunk)));
    lessons.push(surrounded({ ...heard, targets }, contextFrames(head)));
    yield { kind: "heard", recordings: lessons.length };
  }
  const network = createNetwork(tf, head, { state: initialState(head, seed) });
  const random = createRandom(`${seed}/windows`);
  try {
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const batch = drawWindows(lessons, { config, random });
      const learningRate = config.learningRate * 0.5 * (1 + Math.cos(Math.PI * (step - 1) / steps));
      const loss = await network.step(batch, { learningRate, random });
      yield { kind: "step", step, loss };
    }
    yield { kind: "done", weights: { ...weights, ...await network.weights() } };
  } finally {
    network.dispose();
  }
}

/** Targets where nothing is learnt: at a boundary, and outside of a recording. */
const [BOUNDARY, OUTSIDE] = [-1, -2];

/** What there is to learn from one recording; targets of shape [S]. */
type Lesson = RecordingValues & { readonly targets: Float32Array };

function targetsOf(
  { values, width }: RecordingValues,
  active: LabelledRecording["active"],
  grid: ReturnType<typeof scoreGrid>,
): Float32Array {
  const targets = new Float32Array(values.length / width);
  for (let s = 0; s < targets.length; s++) {
    const middle = framesToSeconds(s + 0.5, grid);
    targets[s] = active.some(({ onset, offset }) => onset <= middle && middle < offset) ? 1 : 0;
  }
  const clear = targets.slice();
  for (let s = 1; s < targets.length; s++) {
    if (targets[s] === targets[s - 1]) continue;
    clear.fill(BOUNDARY, Math.max(0, s - BOUNDARY_SCORES), s + BOUNDARY_SCORES);
  }
  return clear;
}

/** Puts silence around a recording, as there is when it is searched. */
function surrounded({ values, width, silence, targets }: Lesson, rows: number): Lesson {
  const around = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) around.set(silence, row * width);
  const outside = new Float32Array(rows).fill(OUTSIDE);
  return {
    ...{ width, silence },
    values: concatenate([around, values, around]),
    targets: concatenate([outside, targets, outside]),
  };
}

function drawWindows(
  lessons: readonly Lesson[],
  { config: { batchSize: B, windowScores }, random }: {
    readonly config: SegmenterConfig;
    readonly random: ReturnType<typeof createRandom>;
  },
): Batch {
  const S = Math.min(windowScores, ...lessons.map(({ targets }) => targets.length));
  const M = lessons[0]!.width;
  const logMel = new Float32Array(B * S * M);
  const targets = new Float32Array(B * S);
  const weights = new Float32Array(B * S);
  for (let b = 0; b < B; b++) {
    const lesson = random.pick(lessons);
    const last = lesson.targets.length - S;
    const boundaries = [...lesson.targets.keys()].filter((s) => lesson.targets[s] === BOUNDARY);
    const wanted = b % 2 === 0 && boundaries.length > 0
      ? random.pick(boundaries) - random.integer(S)
      : random.integer(last + 1);
    const first = Math.max(0, Math.min(last, wanted));
    logMel.set(lesson.values.subarray(first * M, (first + S) * M), b * S * M);
    for (let s = 0; s < S; s++) {
      const target = lesson.targets[first + s]!;
      targets[b * S + s] = Math.max(0, target);
      weights[b * S + s] = target < 0 ? 0 : 1;
    }
  }
  return { logMel, targets, weights, shape: { B, T: S, M, S, K: 1 } };
}
