import { openAudio } from "lib/audio/audio_source.ts";
import { openMicrophone } from "lib/audio/microphone.ts";
import { createBackoff } from "lib/live/backoff.ts";
import { createLiveDecoder } from "lib/live/live_decoder.ts";
import { createHealthKeeper, describeHealth } from "lib/live/live_health.ts";
import type { LiveItem, LiveNoticeKind, LiveStream } from "lib/live/live_item.ts";
import type { LiveSource } from "lib/live/live_source.ts";
import { readLiveSegments, type SegmentLoopOptions } from "lib/live/segment_loop.ts";
import { createAsyncQueue } from "lib/system/async_queue.ts";

/** How a live stream is heard. */
export interface LiveSoundOptions extends Omit<SegmentLoopOptions, "signal"> {
  /** Rate of the samples, in Hz. */
  readonly sampleRate: number;
  readonly signal?: AbortSignal;
}

/** So many items may wait for whoever listens before no more are read: some minutes of sound. */
const MOST_WAITING = 4000;
/** A file and a microphone have no segments; an early look is due so often, in seconds. */
const FILE_LOOK = 2;
const MICROPHONE_LOOK = 0.5;

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
    const work = source.kind === "file"
      ? playFile(source.path, put)
      : source.kind === "microphone"
      ? hearMicrophone(source.device, put)
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

    async function playFile(path: string, onItem: (item: LiveItem) => void): Promise<void> {
      const startMs = clock.monotonicMs();
      const audio = await openAudio(path, { sampleRate, signal });
      onItem(notice("online", `Playing ${path}`, 0));
      let samples = 0;
      let looks = 0;
      for await (const block of audio.blocks) {
        const streamTime = samples / sampleRate;
        samples += block.length;
        await clock.sleep(Math.max(0, startMs + 1000 * samples / sampleRate - clock.monotonicMs()), signal);
        const endsSegment = Math.floor(samples / sampleRate / FILE_LOOK) > looks;
        if (endsSegment) looks++;
        onItem(soundOf(block, { streamTime, endsSegment, sequence: looks, gapSeconds: 0 }));
        await queue.drained(MOST_WAITING);
      }
      onItem(notice("ended", `${path} has ended`, samples / sampleRate));
    }

    async function hearMicrophone(
      device: string | undefined,
      onItem: (item: LiveItem) => void,
    ): Promise<void> {
      const backoff = createBackoff(clock, options.random);
      const startMs = clock.monotonicMs();
      const now = () => (clock.monotonicMs() - startMs) / 1000;
      let end = 0;
      let looks = 0;
      let heard = false;
      while (!signal.aborted) {
        let problem = "the microphone has ended";
        try {
          let gapSeconds = 0;
          for await (
            const block of await openMicrophone({ sampleRate, signal, ...(device ? { device } : {}) })
          ) {
            if (!heard || problem === "") {
              // The first block stands for the moment before it came.
              gapSeconds = heard ? Math.max(0, now() - block.length / sampleRate - end) : 0;
              end += gapSeconds;
            }
            if (!heard || gapSeconds > 0) onItem(notice("online", "The microphone is heard", end));
            heard = true;
            problem = "the microphone has ended";
            backoff.succeeded();
            const streamTime = end;
            end += block.length / sampleRate;
            const endsSegment = Math.floor(end / MICROPHONE_LOOK) > looks;
            if (endsSegment) looks = Math.floor(end / MICROPHONE_LOOK);
            onItem({
              ...soundOf(block, { streamTime, endsSegment, sequence: looks, gapSeconds }),
              wallClockMs: clock.now() - 1000 * block.length / sampleRate,
            });
            gapSeconds = 0;
            await queue.drained(MOST_WAITING);
          }
        } catch (error) {
          // One that never gave any sound is a mistake in the command, which the user must be told.
          if (!heard || signal.aborted) throw error;
          problem = error instanceof Error ? error.message : String(error);
        }
        const waitMs = backoff.failed();
        onItem(
          notice("retry", `${problem}; trying again in ${(waitMs / 1000).toFixed(1)} s`, end, waitMs / 1000),
        );
        await clock.sleep(waitMs, signal);
        end = Math.max(end, now());
      }
    }

    function soundOf(
      samples: Float32Array,
      rest: { streamTime: number; endsSegment: boolean; sequence: number; gapSeconds: number },
    ): Extract<LiveItem, { kind: "sound" }> {
      return { kind: "sound", samples, arrivedAtMs: clock.monotonicMs(), ...rest };
    }

    function notice(what: LiveNoticeKind, text: string, streamTime: number, seconds?: number): LiveItem {
      const length = seconds === undefined ? {} : { seconds };
      return { kind: "notice", what, text, streamTime, atMs: clock.now(), ...length };
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
