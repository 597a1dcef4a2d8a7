import { secondsToSamples } from "lib/base/events/time_grid.ts";

/** The last span of a stream's sound, so that clips can be cut of what was just heard. */
interface SoundBuffer {
  /** Adds samples that begin at a time of the stream, in seconds; what a gap leaves out counts as silence. */
  push(samples: Float32Array, streamTime: number): void;
  /** End of what is there, in seconds of the stream. */
  readonly end: number;
  /** The part from `onset` to `offset`, or what is still there of it. */
  cut(onset: number, offset: number): Float32Array;
}

/** @param seconds How much is kept; memory is that much sound, once. */
export function createSoundBuffer(sampleRate: number, seconds: number): SoundBuffer {
  const ring = new Float32Array(secondsToSamples(seconds, sampleRate));
  /** Index in the stream of the sample after the last one. */
  let position = 0;
  const write = (samples: Float32Array) => {
    const kept = samples.subarray(Math.max(0, samples.length - ring.length));
    let at = (position + samples.length - kept.length) % ring.length;
    for (const sample of kept) {
      ring[at] = sample;
      at = at + 1 === ring.length ? 0 : at + 1;
    }
    position += samples.length;
  };
  return {
    push(samples, streamTime) {
      const start = secondsToSamples(streamTime, sampleRate);
      const gap = start - position;
      if (gap >= ring.length) {
        ring.fill(0);
        position = start;
      } else if (gap > 0) write(new Float32Array(gap));
      // Blocks that overlap are heard once.
      write(samples.subarray(Math.max(0, Math.min(samples.length, -gap))));
    },
    get end() {
      return position / sampleRate;
    },
    cut(onset, offset) {
      const first = Math.max(secondsToSamples(onset, sampleRate), position - ring.length, 0);
      const last = Math.min(secondsToSamples(offset, sampleRate), position);
      return Float32Array.from(
        { length: Math.max(0, last - first) },
        (_, i) => ring[(first + i) % ring.length]!,
      );
    },
  };
}
