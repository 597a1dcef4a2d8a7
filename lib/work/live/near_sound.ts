import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { openMicrophone } from "lib/media/audio/microphone.ts";
import { createBackoff } from "lib/media/net/backoff.ts";
import type { LiveItem, LiveNoticeKind, LiveSound } from "lib/work/live/live_item.ts";

/** What sound of this machine is heard with. */
interface NearSoundOptions {
  /** In Hz. */
  readonly sampleRate: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onItem: (item: LiveItem) => void;
  /** Waits until the listener has kept up. */
  readonly room: () => Promise<void>;
}

/** Neither has segments; an early look is due so often, in seconds. */
const FILE_LOOK = 2;
const MICROPHONE_LOOK = 0.5;

/**
 * Plays a recording at its own pace, as if it were live.
 *
 * @throws {AudioError} If it cannot be read.
 */
export async function playFile(path: string, options: NearSoundOptions): Promise<void> {
  const { sampleRate, clock, signal, onItem, room } = options;
  const startMs = clock.monotonicMs();
  const audio = await openAudio(path, { sampleRate, signal });
  const line = createLine(options, FILE_LOOK);
  onItem(line.notice("online", `Playing ${path}`));
  for await (const block of audio.blocks) {
    const untilMs = startMs + 1000 * (line.end + block.length / sampleRate);
    await clock.sleep(Math.max(0, untilMs - clock.monotonicMs()), signal);
    onItem(line.sound(block));
    await room();
  }
  onItem(line.notice("ended", `${path} has ended`));
}

/**
 * Hears a microphone for ever. One that stops is tried again; the time until then is a gap.
 *
 * @throws {AudioError} If it never gave any sound: the user has to mend that.
 */
export async function hearMicrophone(device: string | undefined, options: NearSoundOptions): Promise<void> {
  const { sampleRate, clock, random, signal, onItem, room } = options;
  const backoff = createBackoff(random);
  const line = createLine(options, MICROPHONE_LOOK);
  const named = device === undefined ? {} : { device };
  let lostMs: number | undefined;
  let heard = false;
  while (true) {
    let problem = "The microphone has ended";
    try {
      for await (const block of await openMicrophone({ sampleRate, signal, ...named })) {
        if (!heard || lostMs !== undefined) {
          // The block was recorded before it came.
          const silentMs = lostMs === undefined
            ? 0
            : clock.monotonicMs() - lostMs - 1000 * block.length / sampleRate;
          line.skip(Math.max(0, silentMs / 1000));
          onItem(line.notice("online", "The microphone is heard"));
          heard = true;
          lostMs = undefined;
        }
        backoff.succeeded(block.length / sampleRate);
        onItem({ ...line.sound(block), wallClockMs: clock.now() - 1000 * block.length / sampleRate });
        await room();
      }
    } catch (error) {
      if (!heard || signal.aborted) throw error;
      problem = errorMessage(error);
    }
    lostMs ??= clock.monotonicMs();
    const waitMs = backoff.failed();
    onItem(line.notice("retry", `${problem}; trying again`, waitMs / 1000));
    await clock.sleep(waitMs, signal);
  }
}

/** Counts the time of sound that comes without segments. */
function createLine({ sampleRate, clock }: NearSoundOptions, lookSeconds: number) {
  let end = 0;
  let gapSeconds = 0;
  let looks = 0;
  return {
    /** End of what was heard, in seconds. */
    get end() {
      return end;
    },
    skip(seconds: number) {
      end += seconds;
      gapSeconds += seconds;
    },
    sound(samples: Float32Array): LiveSound {
      const streamTime = end;
      end += samples.length / sampleRate;
      const due = Math.floor(end / lookSeconds);
      const sound: LiveSound = {
        kind: "sound",
        samples,
        streamTime,
        arrivedAtMs: clock.monotonicMs(),
        sequence: looks,
        gapSeconds,
        endsSegment: due > looks,
      };
      gapSeconds = 0;
      looks = due;
      return sound;
    },
    notice(what: LiveNoticeKind, text: string, seconds?: number): LiveItem {
      const length = seconds === undefined ? {} : { seconds };
      return { kind: "notice", what, text, streamTime: end, atMs: clock.now(), ...length };
    },
  };
}
