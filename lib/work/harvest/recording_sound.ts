import { mergeSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import type { Recording, RemoteMedia } from "lib/media/recording/recording.ts";
import { findSilence } from "lib/work/harvest/silence.ts";

/** Rate of the clips that are harvested, and of all that is listened to for them, in Hz. */
export const HARVEST_RATE = 16_000;

/** Sound of a part of a recording. */
export interface WindowSound {
  /** Time of the first sample, in seconds of the chat's time line. */
  readonly start: number;
  /** Mono, at {@link HARVEST_RATE}, shape [N]. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Parts that are digital silence: what Twitch has muted, and whatever else is without a sound. */
  readonly silent: readonly TimeSpan[];
}

/** How many segments of a recording were fetched, and how many it has. */
export type FetchedShare = ReturnType<RemoteMedia["fetched"]>;

/** Sound of a recording on the time line of its chat, window by window. */
export interface RecordingSound {
  /** Where the sound comes from, for the provenance of labels. */
  readonly origin: Readonly<Record<string, string | number>>;
  /** Part of the chat's time line that the recording covers, in seconds. */
  readonly span: TimeSpan;
  /** Parts that are known to be muted before anything is read. */
  readonly muted: readonly TimeSpan[];
  /**
   * Seconds that reading may bring along at both ends for nothing, because media comes in segments; pieces for
   * negatives are chosen as long as that.
   */
  readonly pieceSeconds: number;
  /** Whether reading costs no network. */
  readonly isLocal: boolean;
  /** How much of it came over the network by now, where it comes over one. */
  readonly fetched?: (() => FetchedShare) | undefined;
  /**
   * Sound that covers a window, as far as the recording goes, and usually some more around it. The same window gives the
   * same samples at any time.
   *
   * @returns Nothing where the window lies outside of the recording.
   */
  read(window: TimeSpan, signal?: AbortSignal): Promise<WindowSound | undefined>;
}

/** Some seconds more than asked for tell what is background; of a VOD, whole segments come along anyway. */
const LOCAL_MARGIN = 4;
const LOCAL_PIECE = 10;

/**
 * Sound of a recording for a harvest. `offset` is the time of the chat at which the recording starts, in seconds: 90 for
 * one that was started a minute and a half into the stream.
 *
 * @throws {AudioError} if it cannot be read.
 */
export async function openRecordingSound(
  recording: Recording,
  options: {
    readonly offset?: number;
    readonly signal?: AbortSignal | undefined;
    readonly onWarning?: ((text: string) => void) | undefined;
    /** Told once what there is to know of the recording, as {@linkcode openAudio} does. */
    readonly onNote?: ((text: string) => void) | undefined;
  } = {},
): Promise<RecordingSound> {
  const { offset = 0, onWarning, onNote } = options;
  const { remote, origin } = recording;
  const notes = new Set<string>();
  const reading = {
    sampleRate: HARVEST_RATE,
    onNote: (text: string) => {
      if (!notes.has(text)) onNote?.(text);
      notes.add(text);
    },
    onWarning,
  };
  const duration = await recording.duration({ ...reading, signal: options.signal });
  const margin = remote ? 0 : LOCAL_MARGIN;
  return {
    origin: remote ? origin : withOffset(origin, offset),
    span: { start: offset, end: offset + duration },
    muted: remote?.muted ?? [],
    pieceSeconds: remote?.segmentSeconds ?? LOCAL_PIECE,
    isLocal: remote === undefined,
    fetched: remote?.fetched,
    async read(window, signal) {
      const start = Math.max(0, window.start - offset - margin);
      const end = Math.min(duration, window.end - offset + margin);
      if (!(end > start)) return undefined;
      const heard = await recording.window({ start, end }, { ...reading, signal });
      if (heard === undefined) return undefined;
      const { samples, muted } = heard;
      const startTime = heard.start + offset;
      const silent = findSilence(samples, { sampleRate: HARVEST_RATE, startTime });
      return { start: startTime, samples, silent: mergeSpans([...muted, ...silent]) };
    },
  };
}

/** Where a file's sound comes from, and at which time of the chat it starts. */
function withOffset({ track, ...place }: Recording["origin"], offset: number): RecordingSound["origin"] {
  return { ...place, offset, ...(track !== undefined && { track }) };
}
