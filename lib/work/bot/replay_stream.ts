import type { AudioSource } from "lib/media/audio/audio_source.ts";
import type { VirtualClock } from "lib/work/bot/virtual_clock.ts";
import type { LiveItem, LiveSound } from "lib/work/live/live_item.ts";

/** How a recording is played as if it were live. */
interface ReplayStreamOptions {
  readonly clock: VirtualClock;
  /** Length of the segments in which the sound arrives, in seconds; two, as on Twitch, by default. */
  readonly segmentSeconds?: number;
  /** Called before each segment, for a pace: `seconds` is how much of the recording will have been heard. */
  readonly pace?: (seconds: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The sound of a recording in segments, as a live stream gives it. A segment arrives when its last sample has been
 * played: before it is given, the clock goes on to that time, and everybody who waits for an earlier one comes first.
 */
export async function* replayStream(
  source: AudioSource,
  options: ReplayStreamOptions,
): AsyncGenerator<LiveItem> {
  const { clock, segmentSeconds = 2, signal } = options;
  const { sampleRate } = source;
  const size = Math.round(segmentSeconds * sampleRate);
  let segment = new Float32Array(size);
  let [filled, given, sequence] = [0, 0, 0];
  const give = async (): Promise<LiveSound> => {
    // Whoever has heard something in the segment before says so before the time goes on.
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    const samples = segment.subarray(0, filled);
    const streamTime = given / sampleRate;
    given += filled;
    await options.pace?.(given / sampleRate);
    await clock.advanceTo(given / sampleRate * 1000);
    [segment, filled] = [new Float32Array(size), 0];
    return {
      kind: "sound",
      samples,
      streamTime,
      wallClockMs: clock.now() - samples.length / sampleRate * 1000,
      arrivedAtMs: clock.monotonicMs(),
      sequence: sequence++,
      gapSeconds: 0,
      endsSegment: true,
    };
  };
  for await (const block of source.blocks) {
    for (let at = 0; at < block.length;) {
      const part = block.subarray(at, at + size - filled);
      segment.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === size) yield await give();
    }
  }
  if (filled > 0) yield await give();
}
