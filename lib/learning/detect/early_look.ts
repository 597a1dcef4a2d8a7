import { compareByOnset } from "lib/base/events/sound_event.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Scorer } from "lib/learning/detect/scorer.ts";
import type { DetectedEvent, Detector } from "lib/learning/detect/streaming_detector.ts";
import { createEventTracks } from "lib/learning/detect/track_events.ts";

/** Looks at the newest sound as if the recording ended there. */
interface EarlyLook {
  /** Keeps the newest samples. */
  push(samples: Float32Array): void;
  /** Forgets all, for sound that does not go on from what was kept. */
  reset(): void;
  /** Events in the newest stretch, by onset; `until` is the time of its end, in seconds. */
  events(until: number): Promise<DetectedEvent[]>;
}

/** Events that are looked for reach back so far, in seconds, besides what the network must see before them. */
export const LOOK_REACH = 3;

/**
 * Makes an early look. The stretch before its reach is scored too, for the network has to see it, but gives no events:
 * there the network takes the missing past for silence.
 *
 * @param scorer One that takes long chunks, so that a look is one run of each network.
 */
export function createEarlyLook(detector: Detector, scorer: Scorer): EarlyLook {
  const { sampleRate, grid, settings, eventNames } = detector;
  const step = Math.max(1, Math.round(grid.period * sampleRate));
  const contextSteps = Math.ceil(scorer.context / grid.period);
  const size = step * (Math.ceil(LOOK_REACH / grid.period) + contextSteps);
  const kept = new Float32Array(size + step);
  let filled = 0;
  /** Samples that came since the last reset. */
  let received = 0;
  const K = eventNames.length;

  return {
    push(samples) {
      received += samples.length;
      const fresh = samples.length > kept.length ? samples.subarray(samples.length - kept.length) : samples;
      const surplus = filled + fresh.length - kept.length;
      if (surplus > 0) {
        kept.copyWithin(0, surplus, filled);
        filled -= surplus;
      }
      kept.set(fresh, filled);
      filled += fresh.length;
    },
    reset() {
      filled = received = 0;
    },
    async events(until) {
      // The stretch begins on the detector's grid, so that its frames are those that the detector will see.
      const first = Math.ceil((received - Math.min(filled, size)) / step) * step;
      const stretch = kept.slice(filled - (received - first), filled);
      const startTime = until - stretch.length / sampleRate;
      const skip = first === 0 ? 0 : contextSteps;
      const scores: Float32Array[] = [];
      for await (const chunk of scorer.score(once(stretch))) scores.push(chunk.scores);
      const all = concatenate(scores).subarray(skip * K);
      const skippedGrid = { ...grid, startTime: grid.startTime + skip * grid.period };
      const tracks = createEventTracks(settings, { eventNames, grid: skippedGrid, startTime });
      return [...tracks.push(all), ...tracks.flush(stretch.length / sampleRate)].toSorted(compareByOnset);
    },
  };
}

async function* once(samples: Float32Array): AsyncGenerator<Float32Array> {
  yield await Promise.resolve(samples);
}
