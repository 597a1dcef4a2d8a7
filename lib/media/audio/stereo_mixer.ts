/** Mixes two channels down. */
interface StereoMixer {
  /**
   * Takes the next samples, left and right by turns, and gives one for each pair.
   *
   * @param mono Where they are to be written, as many as there are pairs; a new array by default.
   */
  mix(pairs: Float32Array, mono?: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer>;
}

/** Length of a decision and how far it looks back, in seconds: short enough for a burp, longer than a low tone's period. */
const HOP = 0.02;
const MEMORY = 0.1;
/** Power of the mean against that of the left channel: below the first, they cancel each other; above the second they do not. */
const [CANCELLED, WHOLE] = [0.003, 0.01];
/** Power below which there is nothing to be heard; full scale is 1. */
const SILENCE = 1e-8;
/** Seconds after which it is told. */
const TOLD_AFTER = 1;

/**
 * Mixes to the mean, but takes the left channel alone where the mean is gone since the channels are of opposite phase, as
 * a cable with crossed wires makes them. What is done at a moment depends on the last tenths of a second only.
 *
 * @param onOpposite Told once, when a second of such sound was heard.
 */
export function createStereoMixer(sampleRate: number, onOpposite?: () => void): StereoMixer {
  const hop = Math.max(1, Math.round(HOP * sampleRate));
  let meanPower = 0;
  let leftPower = 0;
  let share = 0;
  let heard = 0;
  let told = false;
  return {
    mix(pairs, mono = new Float32Array(pairs.length >> 1)) {
      for (let from = 0; from < mono.length; from += hop) {
        const to = Math.min(mono.length, from + hop);
        let mean = 0;
        let left = 0;
        for (let i = from; i < to; i++) {
          const l = pairs[2 * i]!;
          const m = (l + pairs[2 * i + 1]!) / 2;
          mono[i] = m;
          mean += m * m;
          left += l * l;
        }
        const fade = Math.exp(-(to - from) / (MEMORY * sampleRate));
        meanPower = fade * meanPower + mean;
        leftPower = fade * leftPower + left;
        const before = share;
        const isLoud = leftPower > SILENCE * MEMORY * sampleRate;
        share = isLoud ? Math.min(1, Math.max(0, (WHOLE - meanPower / leftPower) / (WHOLE - CANCELLED))) : 0;
        if (share === 0 && before === 0) continue;
        for (let i = from; i < to; i++) {
          const now = before + (share - before) * Math.min(1, 4 * (i - from) / (to - from));
          mono[i] = mono[i]! + now * (pairs[2 * i]! - mono[i]!);
        }
        if (share > 0.5) heard += to - from;
        if (heard < TOLD_AFTER * sampleRate || told) continue;
        told = true;
        onOpposite?.();
      }
      return mono;
    },
  };
}

/** What is said of a recording whose channels are of opposite phase. */
export function describeOpposite(name: string): string {
  return `${name}: its two channels are of opposite phase and cancel each other: the left one is heard alone`;
}
