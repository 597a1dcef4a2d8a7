import { createRandom } from "lib/base/numbers/random.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { judgeSounds } from "lib/learning/judge/judge_sounds.ts";
import { latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";

/** Says which sounds are burps. */
export interface BurpJudge {
  /** Who judges, for messages. */
  readonly name: string;
  /** Whether it hears a burp in each sound, in mono samples at the rate of the model. */
  hear(sounds: Iterable<Float32Array>): Promise<boolean[]>;
  close(): Promise<void>;
}

/**
 * Opens a model as a judge: a burp is what it scores above its threshold, over quiet noise.
 *
 * @param folder A model that knows burps.
 * @param options.seed Draws the noise.
 * @throws {ModelPackageError} If the folder is no model that can be run.
 * @throws {RangeError} If it does not know burps.
 */
export async function openBurpJudge(
  folder: string,
  { seed, signal }: { readonly seed: string; readonly signal?: AbortSignal | undefined },
): Promise<BurpJudge> {
  const model = await openPackage(folder);
  const { manifest } = model;
  if (!manifest.eventNames.includes("burp")) {
    throw new RangeError(`${folder} cannot judge burps: it does not know them; name a model that does`);
  }
  const scorer = await createScorer(model, { events: ["burp"] });
  const threshold = latestOperatingPoint(manifest, "burp")?.threshold ??
    manifest.postprocessing.onsetThreshold;
  return {
    name: folder,
    async hear(sounds) {
      const scores = await judgeSounds(scorer, sounds, { random: createRandom(`${seed}/judge`), signal });
      return scores.map((score) => score >= threshold);
    },
    close: () => scorer.close(),
  };
}
