import { errorMessage } from "lib/base/system/error_message.ts";
import { decodeStream } from "lib/media/audio/audio_source.ts";
import type { LiveSound } from "lib/work/live/live_item.ts";
import type { ArrivedSegment } from "lib/work/live/segment_arrival.ts";

/** Decodes segments that follow each other without a jump: one ffmpeg, which gets them on its standard input. */
export interface DecoderRun {
  /** Whether the decoder has ended by itself, so that no more can be fed. */
  readonly broken: boolean;
  /** End of what was fed, in seconds of the stream's timeline. */
  readonly fedUntil: number;
  /** End of what came out, in seconds of the stream's timeline. */
  readonly decodedUntil: number;
  /** Whether a segment goes on where the last one ended, by the encoder's clock. */
  continues(arrived: ArrivedSegment): boolean;
  feed(arrived: ArrivedSegment & { readonly bytes: Uint8Array<ArrayBuffer> }): void;
  /** Ends the input and waits until all has come out; a decoder may hang, so that who waits needs a limit. */
  finish(): Promise<void>;
}

/** How a run is decoded. */
interface DecoderRunOptions {
  /** Time of the first segment's start on the stream's timeline, in seconds. */
  readonly startTime: number;
  /** Seconds that are missing before it. */
  readonly gapSeconds: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Kills ffmpeg. */
  readonly signal: AbortSignal;
  readonly onSound: (sound: LiveSound) => void;
  readonly onProblem: (text: string) => void;
}

interface Mark {
  readonly startSample: number;
  readonly arrived: ArrivedSegment;
  looked: boolean;
}

/** Sound of up to two packets stays in a decoder until more comes, in seconds. */
const HELD_BACK = 0.06;
/** Time stamps of segments may differ so much from the playlist's durations, in seconds. */
const STAMP_JITTER = 0.5;

/** Starts a run. Its first sound comes once ffmpeg has seen enough of the first segments. */
export function startDecoderRun(options: DecoderRunOptions): DecoderRun {
  const { startTime, sampleRate, signal, onSound, onProblem } = options;
  const marks: Mark[] = [];
  let gapSeconds = options.gapSeconds;
  let fedSamples = 0;
  let decoded = 0;
  let ended = false;
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const input = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  const stop = new AbortController();
  const killed = AbortSignal.any([signal, stop.signal]);

  const emit = (samples: Float32Array, mark: Mark, endsSegment: boolean): void => {
    const { segment, arrivedAtMs } = mark.arrived;
    const offset = (decoded - mark.startSample) / sampleRate;
    onSound({
      kind: "sound",
      samples,
      streamTime: startTime + decoded / sampleRate,
      ...(segment.wallClockMs === undefined ? {} : { wallClockMs: segment.wallClockMs + offset * 1000 }),
      arrivedAtMs,
      sequence: segment.sequence,
      gapSeconds,
      endsSegment,
    });
    gapSeconds = 0;
    decoded += samples.length;
  };
  /** Cuts a block where segments meet, so that each piece has the time of its own segment. */
  const place = (block: Float32Array): void => {
    for (let at = 0; at < block.length;) {
      while (marks[1] && marks[1].startSample <= decoded) marks.shift();
      const mark = marks[0]!;
      const until = marks[1] ? marks[1].startSample - decoded : Infinity;
      const piece = block.subarray(at, at + Math.min(block.length - at, until));
      at += piece.length;
      const last = marks.at(-1)!;
      const look = !last.looked && decoded + piece.length >= fedSamples - HELD_BACK * sampleRate;
      if (look) last.looked = true;
      emit(piece, mark, look);
    }
  };

  const reading = (async () => {
    try {
      const source = await decodeStream(input, {
        sampleRate,
        signal: killed,
        live: true,
        name: "the live stream",
      });
      for await (const block of source.blocks) place(block);
    } catch (error) {
      if (!signal.aborted) onProblem(errorMessage(error));
    } finally {
      ended = true;
    }
  })();

  return {
    get broken() {
      return ended;
    },
    get fedUntil() {
      return startTime + fedSamples / sampleRate;
    },
    get decodedUntil() {
      return startTime + decoded / sampleRate;
    },
    continues({ soundStart, segment }) {
      const last = marks.at(-1)?.arrived;
      if (!last) return true;
      if (segment.map?.url !== last.segment.map?.url) return false;
      if (soundStart === undefined || last.soundStart === undefined) return true;
      return Math.abs(soundStart - last.soundStart - last.segment.duration) <= STAMP_JITTER;
    },
    feed(arrived) {
      const last = marks.at(-1);
      // Time stamps are exact where durations in playlists are rounded, which adds up over a day.
      const startSample = last && arrived.soundStart !== undefined && last.arrived.soundStart !== undefined
        ? last.startSample + Math.round((arrived.soundStart - last.arrived.soundStart) * sampleRate)
        : fedSamples;
      marks.push({ startSample, arrived, looked: false });
      fedSamples = startSample + Math.round(arrived.segment.duration * sampleRate);
      if (ended) return;
      try {
        if (!last && arrived.header) controller.enqueue(arrived.header);
        controller.enqueue(arrived.bytes);
      } catch {
        // Its reader has gone already: the decoder ends, and the next segment begins another run.
        ended = true;
      }
    },
    async finish() {
      try {
        controller.close();
      } catch {
        // Its reader has gone already.
      }
      await reading;
    },
  };
}
