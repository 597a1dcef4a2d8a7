import { createAsyncQueue } from "lib/base/system/async_queue.ts";
import { MissingProgramError, requireProgram } from "lib/base/system/programs.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { createLiveDecoder } from "lib/work/live/live_decoder.ts";
import { createHealthKeeper, describeHealth } from "lib/work/live/live_health.ts";
import type { LiveItem, LiveStream } from "lib/work/live/live_item.ts";
import type { LiveSource } from "lib/work/live/live_source.ts";
import { hearMicrophone, playFile } from "lib/work/live/near_sound.ts";
import { readLiveSegments, type SegmentLoopOptions } from "lib/work/live/segment_loop.ts";

/** How a live stream is heard. */
export interface LiveSoundOptions extends Omit<SegmentLoopOptions, "signal"> {
  /** Rate of the samples, in Hz. */
  readonly sampleRate: number;
  readonly signal?: AbortSignal | undefined;
}

/** So many items may wait for whoever listens before no more are read: some minutes of sound. */
const MOST_WAITING = 4000;

/**
 * Opens a live stream. Nothing happens before it is iterated; leaving the loop, or the signal, ends all that belongs to
 * it. It goes on for ever, through outages, ends and restarts of the broadcast, unless `untilEnd` is set.
 *
 * @throws {AudioError} When iterated: where a file or a microphone cannot be opened, or there is no ffmpeg.
 */
export function openLiveSound(source: LiveSource, options: LiveSoundOptions): LiveStream {
  const { sampleRate, clock } = options;
  const keeper = createHealthKeeper(describeSource(source), sampleRate, clock);
  let undecoded = () => 0;

  async function* items(): AsyncGenerator<LiveItem, void, void> {
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const queue = createAsyncQueue<LiveItem>();
    const put = (item: LiveItem): void => {
      keeper.note(item);
      queue.push(item);
    };
    const near = { ...options, signal, onItem: put, room: () => queue.drained(MOST_WAITING) };
    const work = source.kind === "file"
      ? playFile(source.path, near)
      : source.kind === "microphone"
      ? hearMicrophone(source.device, near)
      : followPlaylist(source, put);
    work.then(() => queue.end(), (error) => queue.fail(error));
    try {
      yield* queue;
    } finally {
      stop.abort(new DOMException("Nobody listens any more", "AbortError"));
      await work.catch(() => {}); // told through the queue
    }

    async function followPlaylist(
      hls: Extract<LiveSource, { readonly kind: "channel" | "playlist" }>,
      onItem: (item: LiveItem) => void,
    ): Promise<void> {
      await requireDecoder(describeSource(source));
      const decoder = createLiveDecoder({ sampleRate, clock, signal, onItem });
      undecoded = () => decoder.undecodedSeconds;
      try {
        for await (const arrived of readLiveSegments(hls, { ...options, signal })) {
          if (arrived.kind === "notice") decoder.tell(arrived);
          else await decoder.take(arrived);
          await queue.drained(MOST_WAITING);
        }
      } finally {
        await decoder.finish();
      }
    }
  }

  const iterator = items();
  return {
    health: () => keeper.health(undecoded()),
    statusLine: () => describeHealth(keeper.health(undecoded())),
    locate: (streamTime) => keeper.locate(streamTime),
    [Symbol.asyncIterator]: () => iterator,
  };
}

/** Looked up before anything has come: the first sound must not wait for it, and without it there is none. */
async function requireDecoder(name: string): Promise<void> {
  try {
    await requireProgram("ffmpeg");
  } catch (error) {
    throw error instanceof MissingProgramError
      ? new AudioError(name, `live sound needs ffmpeg. ${error.message}`, { cause: error })
      : error;
  }
}

function describeSource(source: LiveSource): string {
  switch (source.kind) {
    case "channel":
      return source.channel;
    case "playlist":
      // The rest of an address may be signed.
      return `playlist at ${new URL(source.url).host}`;
    case "file":
      return source.path;
    case "microphone":
      return source.device ? `microphone ${source.device}` : "microphone";
  }
}
