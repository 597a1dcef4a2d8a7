import { type Clock, systemClock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import type { AudioSource } from "lib/media/audio/audio_source.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { createDryRunSender } from "lib/media/chat/chat_room.ts";
import { startBotSession } from "lib/work/bot/bot_session.ts";
import { openReplayRoom } from "lib/work/bot/replay_room.ts";
import { replayStream } from "lib/work/bot/replay_stream.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";
import type { SessionRecord } from "lib/work/bot/session_record.ts";
import { createVirtualClock } from "lib/work/bot/virtual_clock.ts";

/** What is replayed, and how. */
interface ReplayOptions {
  readonly source: AudioSource;
  /** The recorded chat, in the order of time, if there is one. */
  readonly messages?: AsyncIterable<ChatMessage> | Iterable<ChatMessage> | undefined;
  /** Name of the recording. */
  readonly recording: string;
  readonly channel: string;
  readonly event: string;
  readonly command: string;
  readonly announcement?: string | undefined;
  readonly hear: (blocks: AsyncIterable<TimedBlock>, threshold: number) => AsyncIterable<Hearing>;
  readonly threshold: number;
  readonly limits: SendLimits;
  /** Seconds of the recording in a second, at most; as fast as it goes by default. */
  readonly speed?: number;
  /** Time at which the recording begins, in milliseconds since 1970. */
  readonly startMs?: number;
  readonly log: Logger;
  readonly onProgress?: ((seconds: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The real time, for the pace and for how long the detector takes. */
  readonly realClock?: Clock;
}

/** What happened in a replay; times are in milliseconds of the recording. */
export interface ReplayOutcome {
  readonly records: readonly SessionRecord[];
  /** Seconds that were heard. */
  readonly duration: number;
  /** Whether there was a chat to hear people in. */
  readonly hasChat: boolean;
  /**
   * For each event as it was heard first, by its id: real milliseconds from the moment at which the last segment before
   * was handed over. The recording's time stands still meanwhile; live, the command leaves by so much later.
   */
  readonly computeMs: ReadonlyMap<string, number>;
}

/**
 * Runs the very same bot against a recording and its chat, on a clock that is the recording's time: what it would have
 * said and when does not depend on how fast this machine is.
 *
 * @throws {AudioError} If the recording cannot be read, {SyntaxError} for a chat file that is none.
 */
export async function replay(options: ReplayOptions): Promise<ReplayOutcome> {
  const { source, speed, realClock = systemClock, signal } = options;
  const clock = createVirtualClock(options.startMs ?? Date.UTC(2000, 0, 1));
  const records: SessionRecord[] = [];
  const computeMs = new Map<string, number>();
  const startMs = realClock.monotonicMs();
  const progress = createProgress(options.hear);
  let [duration, handedMs] = [0, startMs];
  let chatError: unknown;
  const session = startBotSession({
    ...options,
    hear: progress.hear,
    sampleRate: source.sampleRate,
    clock,
    stream: replayStream(source, {
      clock,
      signal,
      async pace(seconds) {
        await progress.reached(duration - LONGEST_LAG, signal);
        duration = seconds;
        options.onProgress?.(seconds);
        const aheadMs = speed === undefined ? 0 : startMs + seconds * 1000 / speed - realClock.monotonicMs();
        if (aheadMs > 0) await realClock.sleep(aheadMs, signal);
        handedMs = realClock.monotonicMs();
      },
    }),
    chat: {
      join: (listener) =>
        openReplayRoom({
          messages: options.messages ?? [],
          channel: options.channel,
          clock,
          listener,
          onError: (error) => chatError = error,
        }),
      createSender: createDryRunSender,
    },
    onRecord(record) {
      records.push(record);
      if (record.kind === "heard") computeMs.set(record.id, realClock.monotonicMs() - handedMs);
    },
  });
  await session.done;
  if (chatError !== undefined) throw chatError;
  return { records, duration, computeMs, hasChat: options.messages !== undefined };
}

/** The detector may be so far behind the sound before the recording's time stands still for it, in seconds. */
const LONGEST_LAG = 4;

/** Watches how far a detector has come, so that a fast clock does not run away from it: its answers would be too old. */
function createProgress(hear: ReplayOptions["hear"]) {
  let scoredUntil = 0;
  let hasScores = false;
  let wake = () => {};
  return {
    async *hear(blocks: AsyncIterable<TimedBlock>, threshold: number): AsyncGenerator<Hearing> {
      [hasScores, scoredUntil] = [false, 0];
      try {
        for await (const hearing of hear(blocks, threshold)) {
          yield hearing;
          if (hearing.kind !== "scored") continue;
          hasScores = true;
          scoredUntil = hearing.detection.scoredUntil;
          wake();
        }
      } finally {
        // One that has ended, or failed, will not come any further.
        scoredUntil = Infinity;
        wake();
      }
    },
    async reached(seconds: number, signal?: AbortSignal): Promise<void> {
      while (hasScores && scoredUntil < seconds && !signal?.aborted) {
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
  };
}
