import type { Random } from "lib/base/numbers/random.ts";

/**
 * A source of white noise, uniform in [-1, 1). It is a plain 32-bit xorshift generator seeded from `random`: noise is
 * drawn for every sample, where speed counts for more than statistical finesse.
 */
export function createNoise(random: Random): () => number {
  let state = drawState(random);
  return () => {
    state = nextState(state);
    return state * FULL_SCALE;
  };
}

/**
 * A source of pink noise (3 dB less per octave) of about the range [-1, 1], by the three-pole filter that Paul Kellet
 * published ("economy" version, right within 0.5 dB from 40 Hz upwards at 44.1 kHz).
 */
export function createPinkNoise(random: Random): () => number {
  const white = createNoise(random);
  let slow = 0, middle = 0, fast = 0;
  return () => {
    const input = white();
    slow = 0.99765 * slow + input * 0.0990460;
    middle = 0.96300 * middle + input * 0.2965164;
    fast = 0.57000 * fast + input * 1.0526913;
    return (slow + middle + fast + input * 0.1848) * 0.3;
  };
}

/** `length` samples of white noise, uniform in [-1, 1). */
export function whiteNoise(random: Random, length: number): Float32Array {
  const samples = new Float32Array(length);
  let state = drawState(random);
  for (let n = 0; n < length; n++) {
    state = nextState(state);
    samples[n] = state * FULL_SCALE;
  }
  return samples;
}

const FULL_SCALE = 2 ** -31;

function drawState(random: Random): number {
  return random.integer(0x7fffffff) + 1;
}

/** G. Marsaglia, "Xorshift RNGs", J. Stat. Softw. 8, 2003; never leads to 0. */
function nextState(state: number): number {
  let next = state ^ (state << 13);
  next ^= next >>> 17;
  return next ^ (next << 5);
}
