import { createRandom } from "lib/base/numbers/random.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { judgeSounds } from "tasks/synthesize/judge_sounds.ts";

interface Judging {
  /** Folder of a model that knows burps; without one all is taken as it is. */
  readonly judge: string | undefined;
  readonly seed: string;
  /** In Hz, of clips and judge. */
  readonly sampleRate: number;
  readonly signal: AbortSignal;
}

/** Synthetic burps, each of a person, a room and a microphone of its own, that the judge takes for burps. */
export async function drawBurpClips(count: number, judging: Judging): Promise<Clip[]> {
  const random = createRandom(`${judging.seed}/cold start`);
  const clips: Clip[] = [];
  for (let drawn = 0; clips.length < count;) {
    const fresh = Array.from({ length: count - clips.length }, (): Clip => {
      const name = `synthetic-${drawn++}`;
      const samples = synthesizeBurp(random.fork(name), { sampleRate: judging.sampleRate });
      return { name, path: name, group: name, event: "burp", samples };
    });
    const heard = await hearBurps(fresh, judging);
    clips.push(...fresh.filter((_, i) => heard?.[i] ?? true));
  }
  return clips;
}

/** The clips in which the judge hears no burp. */
export async function withoutBurps(clips: readonly Clip[], judging: Judging): Promise<Clip[]> {
  const heard = await hearBurps(clips, judging);
  return clips.filter((_, i) => !heard?.[i]);
}

/** Whether the judge scores each clip above its threshold; undefined without a judge. */
async function hearBurps(
  clips: readonly Clip[],
  { judge, seed, signal }: Judging,
): Promise<boolean[] | undefined> {
  if (judge === undefined) return undefined;
  const model = await openPackage(judge);
  const scorer = await createScorer(model, { events: ["burp"] });
  try {
    const threshold = latestOperatingPoint(model.manifest, "burp")?.threshold ??
      model.manifest.postprocessing.onsetThreshold;
    const sounds = clips.map(({ samples }) => samples.subarray());
    const scores = await judgeSounds(scorer, sounds, { random: createRandom(`${seed}/judge`), signal });
    return scores.map((score) => score >= threshold);
  } finally {
    await scorer.close();
  }
}
