import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { type Background, backgroundSamples, backgroundSeconds } from "lib/learning/dataset/background.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { DEFAULT_MIXTURE, type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import { placeClip } from "lib/learning/dataset/place_clip.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { countAtThresholds, type CurvePoint, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";
import { scoreRecording } from "lib/learning/evaluate/score_recording.ts";
import { type AnnotatedScores, searchable } from "lib/learning/evaluate/tune_event.ts";
import { latestOperatingPoint, type Postprocessing } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** A network of a model, and sound that it did not learn from. */
interface TrialMember {
  readonly model: ModelPackage;
  /** Clips of the event. */
  readonly positives: readonly Clip[];
  /** Sound without the event. */
  readonly background: Background;
}

/** What a model did in a trial. */
export interface TrialFigures {
  /** By rising threshold. */
  readonly curve: readonly CurvePoint[];
  /** At the threshold that the model has. */
  readonly now: CurvePoint;
  /** How scores became events. */
  readonly postprocessing: Postprocessing;
}

/** What a trial on held-back sound gave. */
export interface HeldBackTrial {
  readonly event: string;
  /** Seconds of sound without the event, for each network. */
  readonly seconds: number;
  /** Clips that were held back, each counted once, and how often they were mixed in. */
  readonly clips: number;
  readonly placed: number;
  readonly networks: number;
  readonly mine: TrialFigures;
  /** The model that it would replace, on the same sound. */
  readonly other?: TrialFigures | undefined;
}

/** One clip at most in about so many seconds. */
const SLOT_SECONDS = 10;
/** Share of them that get one, so that most of the time nothing is to be found. */
const FILLED = 0.5;
/** Each clip is mixed in so often at most. */
const MAX_REPEATS = 4;
/** Clips as they are, at levels at which one hears them in a stream. */
const AS_IT_IS: MixtureConfig = {
  ...DEFAULT_MIXTURE,
  speed: 0,
  tilt: 0,
  equaliserShare: 0,
  roomShare: 0,
  snrDb: [0, 12],
};

/**
 * Mixes the clips that each network of a model did not learn from into background that it did not learn from, and
 * searches that with this network and with the model that the new one would replace.
 *
 * @returns Undefined where nothing was held back to measure on.
 */
export async function runHeldBackTrial(
  { event, members, other, sampleRate, seed, signal }: {
    readonly event: string;
    readonly members: readonly TrialMember[];
    /** A model that knows the event. */
    readonly other?: ModelPackage | undefined;
    /** Of background and clips, in Hz. */
    readonly sampleRate: number;
    readonly seed: string | number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<HeldBackTrial | undefined> {
  const able = members.filter(({ positives, background }) =>
    positives.length > 0 && background.stretches.length > 0
  );
  if (able.length === 0) return undefined;
  const seconds = able.reduce((sum, { background }) => sum + backgroundSeconds(background, sampleRate), 0) /
    able.length;
  const mine: { readonly model: ModelPackage; readonly recording: AnnotatedScores }[] = [];
  const others: typeof mine = [];
  let placed = 0;
  for (const [index, { model, positives, background }] of able.entries()) {
    const trial = mixTrial(background, positives, { event, sampleRate, seed: `${seed}/trial/${index}` });
    placed += trial.annotations.length;
    mine.push({ model, recording: await score(model, trial, signal) });
    if (other) others.push({ model: other, recording: await score(other, trial, signal) });
  }
  return {
    event,
    seconds,
    clips:
      new Set(able.flatMap(({ positives }) => positives.map(({ path, name }) => `${path} ${name}`))).size,
    placed,
    networks: able.length,
    mine: figuresOf(mine, event),
    other: other && figuresOf(others, event),
  };
}

interface Trial {
  readonly annotations: readonly SoundEvent[];
  /** To be read as often as needed. */
  readonly blocks: readonly Float32Array[];
}

/** Held-back stretches one after the other, with clips at random levels and places. */
function mixTrial(
  background: Background,
  positives: readonly Clip[],
  { event, sampleRate, seed }: { readonly event: string; readonly sampleRate: number; readonly seed: string },
): Trial {
  const random = createRandom(seed);
  const slots = background.stretches.map(({ start, end }) =>
    Math.max(1, Math.floor((end - start) / (SLOT_SECONDS * sampleRate)))
  );
  const count = slots.reduce((sum, n) => sum + n, 0);
  const wanted = Math.min(Math.ceil(FILLED * count), MAX_REPEATS * positives.length);
  const filled = new Map<number, Clip>(
    random.shuffle([...Array(count).keys()]).slice(0, wanted)
      .map((place, i) => [place, positives[i % positives.length]!]),
  );
  const parts: Float32Array[] = [];
  const annotations: SoundEvent[] = [];
  let [at, place] = [0, 0];
  background.stretches.forEach((stretch, i) => {
    const samples = backgroundSamples(background, stretch);
    const slot = Math.floor(samples.length / slots[i]!);
    for (let k = 0; k < slots[i]!; k++, place++) {
      const clip = filled.get(place);
      if (!clip) continue;
      const first = k * slot + Math.floor(slot / 5);
      const window = samples.subarray(first, first + Math.floor(0.6 * slot));
      const { active } = placeClip(window, clip, { sampleRate, random, config: AS_IT_IS });
      if (active.length === 0) continue;
      annotations.push({
        onset: (at + first + active[0]!.start) / sampleRate,
        offset: (at + first + active.at(-1)!.end) / sampleRate,
        label: event,
      });
    }
    at += samples.length;
    parts.push(samples);
  });
  return { annotations, blocks: parts };
}

async function score(
  model: ModelPackage,
  { annotations, blocks }: Trial,
  signal: AbortSignal | undefined,
): Promise<AnnotatedScores> {
  const scorer = await createScorer(model, { worker: true });
  try {
    return {
      ...await scoreRecording(scorer, ReadableStream.from(blocks), { signal }),
      annotations,
    };
  } finally {
    await scorer.close();
  }
}

function figuresOf(
  searched: readonly { readonly model: ModelPackage; readonly recording: AnnotatedScores }[],
  event: string,
): TrialFigures {
  const { manifest } = searched[0]!.model;
  const point = latestOperatingPoint(manifest, event);
  const postprocessing = point?.postprocessing ?? manifest.postprocessing;
  const recordings = searched.map(({ model, recording }) =>
    searchable(model.manifest, recording, event, postprocessing)
  );
  const threshold = point?.threshold ?? postprocessing.onsetThreshold;
  return {
    postprocessing,
    curve: operatingCurve(countAtThresholds(recordings)),
    now: operatingCurve(countAtThresholds(recordings, [threshold]))[0]!,
  };
}
