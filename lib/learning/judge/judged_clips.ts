import { createRandom } from "lib/base/numbers/random.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { BurpJudge } from "lib/learning/judge/burp_judge.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";

/** Burps that are judged at once. */
const DRAWN_AT_ONCE = 200;
/** A judge that takes fewer than this share of them for burps is not worth waiting for. */
const LEAST_TAKEN = 0.02;

/**
 * Synthetic burps, each of a person, a room and a microphone of its own, that the judge takes for burps.
 *
 * @param options.judge Without one all count.
 * @param options.sampleRate In Hz, of clips and judge.
 * @throws {RangeError} If the judge takes hardly any of them for burps.
 */
export async function drawBurpClips(
  count: number,
  { judge, seed, sampleRate }: {
    readonly judge: BurpJudge | undefined;
    readonly seed: string;
    readonly sampleRate: number;
  },
): Promise<Clip[]> {
  const random = createRandom(`${seed}/cold start`);
  const clips: Clip[] = [];
  for (let drawn = 0; clips.length < count;) {
    const wanted = judge ? DRAWN_AT_ONCE : count;
    const fresh = Array.from({ length: wanted }, () => {
      const name = `synthetic-${drawn++}`;
      const samples = synthesizeBurp(random.fork(name), { sampleRate });
      return { name, path: name, group: name, event: "burp", samples };
    });
    const heard = await judge?.hear(fresh.map(({ samples }) => samples));
    clips.push(...fresh.filter((_, i) => heard?.[i] ?? true));
    if (clips.length < LEAST_TAKEN * drawn) {
      throw new RangeError(
        `${judge?.name} takes ${clips.length} of ${drawn} synthetic burps for burps, too few to draw ${count}: ` +
          "let another model judge, or fit the synthesiser to this one with deno task synthesize fit",
      );
    }
  }
  return clips.slice(0, count);
}

/** The clips in which the judge hears no burp. */
export async function withoutBurps(
  clips: readonly Clip[],
  judge: BurpJudge | undefined,
): Promise<readonly Clip[]> {
  // One by one from where they lie.
  const sounds = function* () {
    for (const { samples } of clips) yield samples.subarray();
  };
  const heard = await judge?.hear(sounds());
  return clips.filter((_, i) => !heard?.[i]);
}
