import type { Random } from "lib/base/numbers/random.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { drawBurpPoint } from "lib/learning/synthesis/burp_voice.ts";
import type { MeasuredPoint } from "lib/learning/synthesis/choose_points.ts";

/** Scores of sounds, from 0 to 1: how surely each is a burp. What it draws, noise say, is from `random`. */
export type Judge = (sounds: Iterable<Float32Array>, random: Random) => Promise<readonly number[]>;

/** Burps that are drawn near each point, and how many of them must be heard. */
const PROOFS = 4, HEARD = 3;

/** The points near to which most burps are heard, in any room and microphone: one that was heard itself may be a lucky one. */
export async function provePoints(
  pool: readonly MeasuredPoint[],
  judge: Judge,
  { spread, sampleRate, random }: {
    readonly spread: number;
    readonly sampleRate: number;
    readonly random: Random;
  },
): Promise<MeasuredPoint[]> {
  const sounds = function* () {
    for (const [i, { point }] of pool.entries()) {
      for (let k = 0; k < PROOFS; k++) {
        const own = random.fork(`${i}/${k}`);
        const near = drawBurpPoint(own, { points: [point], spread });
        yield synthesizeBurp(own, { sampleRate, point: near, single: true });
      }
    }
  };
  const scores = await judge(sounds(), random);
  return pool.filter((_, i) =>
    scores.slice(PROOFS * i, PROOFS * (i + 1)).filter((score) => score > 0.5).length >= HEARD
  );
}
