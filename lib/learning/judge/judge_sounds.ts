import type { Random } from "lib/base/numbers/random.ts";
import type { Scorer } from "lib/learning/detect/scorer.ts";
import { activeRange, decibelsToRatio, mixInto, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { createPinkNoise } from "lib/learning/synthesis/noise.ts";

/** How sounds are played to a judge. */
interface JudgeOptions {
  readonly random: Random;
  /** Level of the sound over the noise around it, in dB; 40 by default. */
  readonly snrDecibels?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The highest score that each sound gets for the scorer's first event, alone over quiet noise, one after the other with
 * a second between.
 */
export async function judgeSounds(
  scorer: Scorer,
  sounds: Iterable<Float32Array>,
  { random, snrDecibels = 40, signal }: JudgeOptions,
): Promise<number[]> {
  const { sampleRate, grid, eventNames } = scorer;
  const noise = createPinkNoise(random);
  const starts: number[] = [];
  let at = 0;
  async function* play() {
    for (const sound of sounds) {
      const [start, end] = activeRange(sound, { sampleRate });
      const level = rootMeanSquare(sound.subarray(start, end)) * decibelsToRatio(-snrDecibels);
      const lead = Math.round(random.uniform(0.4, 0.6) * sampleRate);
      const slot = Float32Array.from({ length: sound.length + 2 * lead }, () => level * noise());
      mixInto(slot, sound, lead);
      starts.push(at / sampleRate);
      at += slot.length;
      yield slot;
    }
  }
  const best: number[] = [];
  for await (const { startFrame, scores } of scorer.score(play(), { signal })) {
    for (let i = 0; i < scores.length; i += eventNames.length) {
      const seconds = grid.startTime + (startFrame + i / eventNames.length + 0.5) * grid.period;
      while (best.length < starts.length && starts[best.length]! <= seconds) best.push(0);
      const last = Math.max(0, best.length - 1);
      best[last] = Math.max(best[last] ?? 0, scores[i]!);
    }
  }
  return best;
}
