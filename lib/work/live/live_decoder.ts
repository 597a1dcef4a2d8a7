import type { Clock } from "lib/base/system/clock.ts";
import { type DecoderRun, startDecoderRun } from "lib/work/live/decoder_run.ts";
import type { LiveItem } from "lib/work/live/live_item.ts";
import type { ArrivedSegment } from "lib/work/live/segment_arrival.ts";
import type { LoopNotice } from "lib/work/live/segment_loop.ts";

/** Turns segments into sound with true times. */
interface LiveDecoder {
  /** Seconds of sound that have arrived and not come out yet. */
  readonly undecodedSeconds: number;
  /** Takes a segment; its sound is given through `onItem` soon after. */
  take(arrived: ArrivedSegment): Promise<void>;
  /** Gives a notice the present place on the timeline. */
  tell(notice: LoopNotice): void;
  /** Gives all that is still in the decoder. */
  finish(): Promise<void>;
}

/** What a live decoder works with. */
interface LiveDecoderOptions {
  /** In Hz. */
  readonly sampleRate: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onItem: (item: LiveItem) => void;
}

/** Where two runs meet, the end of one by its samples and by its playlist may differ so much, in seconds. */
const SEAM_JITTER = 0.25;
/** A decoder that gives nothing for so long, with so much to do, is started anew, in seconds. */
const STUCK = 15;
/** A decoder that does not end within so many seconds is let go of: nothing may keep the bot from hearing on. */
const LONGEST_END = 10;

/** Makes a live decoder. It decodes no advertisement: their time passes, and nobody hears them. */
export function createLiveDecoder(options: LiveDecoderOptions): LiveDecoder {
  const { sampleRate, clock, signal, onItem } = options;
  let run: { readonly decoder: DecoderRun; readonly stop: AbortController } | undefined;
  /** End of everything that was accounted for, on the stream's timeline. */
  let position = 0;
  let gapBefore = 0;
  let started = false;
  let advertisementSince: number | undefined;
  let listening = false;
  let closing = false;
  let lastOutputMs = clock.monotonicMs();

  const tell = ({ what, text, seconds }: LoopNotice): void => {
    onItem({
      kind: "notice",
      what,
      text,
      streamTime: position,
      atMs: clock.now(),
      seconds,
    });
    if (what === "ended" || what === "offline" || what === "retry" || what === "stall") listening = false;
  };
  const notice = (what: LoopNotice["what"], text: string, seconds?: number) =>
    tell({ kind: "notice", what, text, seconds });

  const closeRun = async (): Promise<void> => {
    const ending = run;
    run = undefined;
    if (!ending) return;
    closing = true;
    const ended = new AbortController();
    const late = clock.sleep(LONGEST_END * 1000, ended.signal).then(
      () => ending.stop.abort(new DOMException("The decoder does not end", "TimeoutError")),
      () => {}, // rejected when it has ended
    );
    try {
      await Promise.race([ending.decoder.finish(), late]);
    } finally {
      ended.abort();
      closing = false;
    }
    const { decodedUntil } = ending.decoder;
    // Samples are truer than playlists, unless some of them were lost in the decoder.
    if (Math.abs(decodedUntil - position) <= SEAM_JITTER) position = decodedUntil;
    else if (decodedUntil < position) gapBefore += position - decodedUntil;
  };
  const openRun = (): DecoderRun => {
    const stop = new AbortController();
    const decoder = startDecoderRun({
      startTime: position,
      gapSeconds: gapBefore,
      sampleRate,
      signal: AbortSignal.any([signal, stop.signal]),
      onSound: (sound) => {
        // What comes of a decoder that was let go of has lost its place.
        if (stop.signal.aborted) return;
        lastOutputMs = clock.monotonicMs();
        onItem(sound);
      },
      onProblem: (text) => notice("damaged", text),
    });
    gapBefore = 0;
    run = { decoder, stop };
    return decoder;
  };
  const endAdvertisement = (): void => {
    if (advertisementSince === undefined) return;
    const seconds = position - advertisementSince;
    advertisementSince = undefined;
    notice("advertisement-end", `An advertisement of ${seconds.toFixed(0)} s has ended`, seconds);
  };

  return {
    get undecodedSeconds() {
      // What a decoder that ends still holds is not known; it is some of the last second.
      if (closing) return 1;
      return run ? Math.max(0, run.decoder.fedUntil - run.decoder.decodedUntil) : 0;
    },
    tell,
    async take(arrived) {
      const { segment, bytes, afterOffline } = arrived;
      const missing = started ? segment.missingSeconds : 0;
      started = true;
      const stuck = run !== undefined && run.decoder.fedUntil - run.decoder.decodedUntil > STUCK &&
        clock.monotonicMs() - lastOutputMs > STUCK * 1000;
      if (stuck) run!.stop.abort(new DOMException("The decoder stands still", "TimeoutError"));
      // Time stamps of MPEG-TS begin anew after 26.5 hours, too: each jump is decoded by a run of its own.
      const jump = missing > 0 || segment.discontinuity || !bytes || stuck ||
        (run !== undefined && (run.decoder.broken || !run.decoder.continues(arrived)));
      if (jump && run) {
        await closeRun();
        if (segment.discontinuity && bytes && missing === 0) {
          notice("discontinuity", "The stream's clock or encoding jumps");
        }
      }
      if (missing > 0) {
        const text = afterOffline ? "The stream was off the air for" : "Sound is missing:";
        notice("gap", `${text} ${missing.toFixed(1)} s`, missing);
        position += missing;
        gapBefore += missing;
      }
      if (!bytes) {
        if (advertisementSince === undefined) {
          advertisementSince = position;
          notice("advertisement-begin", "An advertisement begins");
        }
        position += segment.duration;
        gapBefore += segment.duration;
        return;
      }
      endAdvertisement();
      if (!listening) {
        listening = true;
        notice("online", "Sound arrives");
      }
      const decoder = run?.decoder ?? openRun();
      if (decoder.fedUntil === decoder.decodedUntil) lastOutputMs = clock.monotonicMs();
      decoder.feed({ ...arrived, bytes });
      position = decoder.fedUntil;
    },
    async finish() {
      await closeRun();
      endAdvertisement();
    },
  };
}
