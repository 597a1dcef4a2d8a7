/** Scores of several sounds over time that are kept in memory. */
export interface ScoreTracks {
  /** Takes scores from 0 to 1, shape [t, K]. */
  push(scores: Float32Array): void;
  /** Rows T so far. */
  readonly frames: number;
  /** Highest score of a sound in frames `start` to before `end`. */
  highest(sound: number, start: number, end: number): number;
}

/** Keeps scores of K sounds as a byte each: an hour of 521 sounds every 160 ms is 12 MB. */
export function createScoreTracks(sounds: number): ScoreTracks {
  let data = new Uint8Array(1024 * sounds);
  let length = 0;
  return {
    push(scores) {
      if (length + scores.length > data.length) {
        const larger = new Uint8Array(Math.max(2 * data.length, length + scores.length));
        larger.set(data.subarray(0, length));
        data = larger;
      }
      for (const score of scores) data[length++] = Math.round(255 * Math.min(1, Math.max(0, score)));
    },
    get frames() {
      return length / sounds;
    },
    highest(sound, start, end) {
      let most = 0;
      for (let at = start * sounds + sound; at < end * sounds && at < length; at += sounds) {
        if (data[at]! > most) most = data[at]!;
      }
      return most / 255;
    },
  };
}

/** Scores of one sound, shape [t], out of those of K sounds, shape [t, K]. */
export function columnOf(scores: Float32Array, column: number, width: number): Float32Array {
  if (width === 1) return scores;
  const values = new Float32Array(scores.length / width);
  for (let t = 0; t < values.length; t++) values[t] = scores[t * width + column]!;
  return values;
}
