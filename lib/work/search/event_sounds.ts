import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { secondsToSamples } from "lib/base/events/time_grid.ts";
import {
  createWindowReader,
  type ReadableRecording,
  type SoundWindow,
  type WindowReader,
} from "lib/media/audio/window_reader.ts";

/** Rate of clips and of the sound in a report, in Hz. */
export const CLIP_RATE = 16_000;
/** Sound on both sides of an event in a report, in seconds. */
export const REPORT_CONTEXT = 1;
/** Sound that waits for the report, in bytes: 17 minutes. */
const MOST_HELD = 64 << 20;

/** The sound of events of a recording, at {@link CLIP_RATE}; best asked for in the order of the events' ends. */
export interface EventSounds {
  /** Samples of the event alone, shape [N]; fewer where the recording ends before. */
  alone(event: SoundEvent): Promise<Float32Array<ArrayBuffer>>;
  /** Samples of the event with {@link REPORT_CONTEXT} on both sides; asked for after all that is asked for alone. */
  around(
    event: SoundEvent,
  ): Promise<{ readonly samples: Float32Array; readonly sampleRate: number; readonly start: number }>;
  close(): Promise<void>;
}

/**
 * Reads the sound of events once for their clips and for the report: what was decoded for a clip waits for the report.
 *
 * @param options `around` says whether the sound around events will be asked for; of more than `mostHeld` bytes that wait
 * for it, the rest is decoded again.
 */
export function createEventSounds(
  recording: ReadableRecording,
  events: readonly SoundEvent[],
  { around, signal, mostHeld = MOST_HELD }: {
    readonly around: boolean;
    readonly signal: AbortSignal;
    readonly mostHeld?: number;
  },
): EventSounds {
  const context = around ? REPORT_CONTEXT : 0;
  const windows = new Map(events.map((event) => [event, windowOf(event, context)]));
  const readerOf = (wanted: readonly SoundWindow[]) =>
    createWindowReader(recording, wanted, { sampleRate: CLIP_RATE, signal });
  const first = readerOf([...windows.values()]);
  let again: WindowReader | undefined;
  const asked = new Set<SoundWindow>();
  const held = new Map<SoundWindow, Float32Array<ArrayBuffer>>();
  let heldBytes = 0;
  return {
    async alone(event) {
      const window = windows.get(event)!;
      asked.add(window);
      const samples = await first.read(window);
      if (!around) return samples;
      if (heldBytes + samples.byteLength <= mostHeld) {
        held.set(window, samples);
        heldBytes += samples.byteLength;
      }
      const { start, end } = windowOf(event, 0);
      const from = secondsToSamples(start, CLIP_RATE) - secondsToSamples(window.start, CLIP_RATE);
      return samples.slice(from, from + secondsToSamples(end - start, CLIP_RATE));
    },
    async around(event) {
      const window = windows.get(event)!;
      let samples = held.get(window);
      if (samples === undefined) {
        // A reader may be able to give a window only once.
        const reader = asked.has(window)
          ? again ??= readerOf([...windows.values()].filter((other) => !held.has(other)))
          : first;
        samples = await reader.read(window);
      } else {
        held.delete(window);
        heldBytes -= samples.byteLength;
      }
      return { samples, sampleRate: CLIP_RATE, start: window.start };
    },
    async close() {
      await first.close();
      await again?.close();
    },
  };
}

function windowOf({ onset, offset }: SoundEvent, context: number): SoundWindow {
  return { start: Math.max(0, onset - context), end: offset + context };
}
