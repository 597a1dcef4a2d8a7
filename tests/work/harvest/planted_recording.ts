import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { RecordingSound } from "lib/work/harvest/recording_sound.ts";
import { HARVEST_RATE } from "lib/work/harvest/recording_sound.ts";
import { findSilence } from "lib/work/harvest/silence.ts";
import type { PlantedStream } from "tests/fakes/planted_stream.ts";

/** A planted stream as a recording in memory; `reads` lists what was read, and `fail` makes reading throw. */
export function plantedRecording(
  { samples, silent }: Pick<PlantedStream, "samples" | "silent">,
): RecordingSound & { readonly reads: TimeSpan[]; fail: (window: TimeSpan) => boolean } {
  const duration = samples.length / HARVEST_RATE;
  const reads: TimeSpan[] = [];
  const recording = {
    origin: { file: "planted", offset: 0 },
    span: { start: 0, end: duration },
    muted: silent,
    pieceSeconds: 10,
    isLocal: true,
    reads,
    fail: (_window: TimeSpan) => false,
    read(window: TimeSpan) {
      if (recording.fail(window)) return Promise.reject(new Error(`no sound at ${window.start}`));
      reads.push(window);
      // As with segments of ten seconds.
      const start = 10 * Math.floor(Math.max(0, window.start) / 10);
      const end = Math.min(duration, 10 * Math.ceil(window.end / 10));
      if (!(end > start)) return Promise.resolve(undefined);
      const part = samples.slice(start * HARVEST_RATE, end * HARVEST_RATE);
      const found = findSilence(part, { sampleRate: HARVEST_RATE, startTime: start });
      return Promise.resolve({ start, samples: part, silent: found });
    },
  };
  return recording;
}
