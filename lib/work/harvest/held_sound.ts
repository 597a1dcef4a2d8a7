import { HARVEST_RATE, type RecordingSound } from "lib/work/harvest/recording_sound.ts";
import { findSilence } from "lib/work/harvest/silence.ts";

/** Some seconds more than asked for tell what is background. */
const MARGIN = 4;

/**
 * A recording whose sound is in memory, for measuring and for demos: reading a window costs nothing.
 *
 * @param samples Mono, at {@link HARVEST_RATE}, shape [N].
 * @param name What `origin` calls it.
 */
export function holdSound(samples: Float32Array<ArrayBuffer>, name: string): RecordingSound {
  const duration = samples.length / HARVEST_RATE;
  return {
    origin: { file: name, offset: 0 },
    span: { start: 0, end: duration },
    muted: [],
    pieceSeconds: 10,
    isLocal: true,
    read(window) {
      const start = Math.max(0, Math.floor((window.start - MARGIN) * HARVEST_RATE));
      const end = Math.min(samples.length, Math.ceil((window.end + MARGIN) * HARVEST_RATE));
      if (!(end > start) || window.end <= 0 || window.start >= duration) return Promise.resolve(undefined);
      const part = samples.slice(start, end);
      const startTime = start / HARVEST_RATE;
      const silent = findSilence(part, { sampleRate: HARVEST_RATE, startTime });
      return Promise.resolve({ start: startTime, samples: part, silent });
    },
  };
}
