import { createHash } from "node:crypto";
import { bandStatistics } from "lib/learning/dataset/clip_measures.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { openModelScorer } from "lib/work/harvest/model_scorer.ts";
import { HARVEST_RATE, type WindowSound } from "lib/work/harvest/recording_sound.ts";

/** What is heard in a clip. */
export interface HeardClip {
  /** Numbers that are alike for sounds that are alike, shape [D]. */
  readonly embedding: Float32Array;
  /** What each model says of it, from 0 to 1. */
  readonly scores: readonly number[];
}

/** Hears clips before a person does: what they are like, and what models say of them. */
export interface ClipHearing {
  /** Another one for any other models: what was heard once need not be heard again. */
  readonly id: string;
  /** How many models are asked. */
  readonly models: number;
  /** @param samples At {@linkcode HARVEST_RATE}. */
  hear(samples: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<HeardClip>;
  close(): Promise<void>;
}

/** Who listens. */
interface ClipHearingOptions {
  readonly event: string;
  /** Folder of a model that describes sounds; without one the mean and spread of their bands do. */
  readonly listener?: string | undefined;
  /** Folders of models that are asked for the event. */
  readonly models: readonly string[];
}

/**
 * Opens models that hear clips.
 *
 * @throws {ModelPackageError} If a folder is no model; {RangeError} if a model does not know the event.
 */
export async function openClipHearing(
  { event, listener, models }: ClipHearingOptions,
): Promise<ClipHearing> {
  const scorers = await Promise.all(models.map((dir) => openModelScorer(dir, event)));
  let describe = (samples: Float32Array, _rate: number) => Promise.resolve(bandStatistics(samples));
  let describer = "bands";
  if (listener !== undefined) {
    const { openSoundDescriber } = await import("lib/learning/detect/describe_sound.ts");
    describe = await openSoundDescriber(listener);
    describer = (await readManifest(listener)).modelSha256;
  }
  const parts = [describer, event, ...scorers.map(({ modelSha256 }) => modelSha256)];
  return {
    id: createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 20),
    models: scorers.length,
    async hear(samples, signal) {
      const sound: WindowSound = { start: 0, samples, silent: [] };
      const whole = { onset: 0, offset: samples.length / HARVEST_RATE };
      const scores = scorers.map(async (scorer) => (await scorer.scoreSound(sound, signal))(whole));
      return { embedding: await describe(samples, HARVEST_RATE), scores: await Promise.all(scores) };
    },
    close: async () => {
      for (const scorer of scorers) await scorer.close();
    },
  };
}
