import { basename } from "node:path";
import { mergeSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import { decodeStream, openAudio } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { recordingLength } from "lib/media/audio/recording_length.ts";
import { mutedSpans } from "lib/media/hls/segment_plan.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import { readVodWindow } from "lib/media/hls/vod_stream.ts";
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
export interface FetchedShare {
  readonly segments: number;
  readonly total: number;
}

/** A recording whose sound can be had window by window. */
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
  readonly fetched?: () => FetchedShare;
  /**
   * Sound that covers a window, as far as the recording goes, and usually some more around it. The same window gives the
   * same samples at any time.
   *
   * @returns Nothing where the window lies outside of the recording.
   */
  read(window: TimeSpan, signal?: AbortSignal): Promise<WindowSound | undefined>;
}

/** Some seconds more than asked for tell what is background. */
const LOCAL_MARGIN = 4;

/**
 * Sound of a file. `offset` is the time of the chat at which the recording starts, in seconds: 90 for a recording that
 * was started a minute and a half into the stream.
 *
 * @throws {AudioError} if it cannot be read.
 */
export async function openLocalSound(
  path: string,
  options: {
    readonly offset?: number;
    readonly signal?: AbortSignal | undefined;
    readonly onWarning?: ((text: string) => void) | undefined;
    /** Told once what there is to know of the recording, as {@linkcode openAudio} does. */
    readonly onNote?: ((text: string) => void) | undefined;
    /** Number, language or title of the audio track to hear. */
    readonly track?: string | undefined;
  } = {},
): Promise<RecordingSound> {
  const { offset = 0, onWarning, onNote, track } = options;
  const notes = new Set<string>();
  const reading = {
    sampleRate: HARVEST_RATE,
    track,
    onNote: (text: string) => {
      if (!notes.has(text)) onNote?.(text);
      notes.add(text);
    },
    onWarning,
  };
  const duration = await recordingLength(path, {
    ...reading,
    signal: options.signal,
  });
  return {
    origin: { file: basename(path), path, offset, ...(track !== undefined && { track }) },
    span: { start: offset, end: offset + duration },
    muted: [],
    pieceSeconds: 10,
    isLocal: true,
    async read(window, signal) {
      const start = Math.max(0, window.start - offset - LOCAL_MARGIN);
      const end = Math.min(duration, window.end - offset + LOCAL_MARGIN);
      if (!(end > start)) return undefined;
      const source = await openAudio(path, {
        ...reading,
        start,
        duration: end - start,
        signal,
      });
      return describe(await gatherBlocks(source.blocks), start + offset);
    },
  };
}

/** Sound of a recording on Twitch: of each window, the segments that cover it are fetched and decoded. */
export function openVodSound(
  vod: Vod,
  options: { readonly onWarning?: ((text: string) => void) | undefined } = {},
): RecordingSound {
  const { onWarning } = options;
  return {
    origin: { vod: vod.vodId, rendition: vod.rendition },
    span: { start: 0, end: vod.playlist.duration },
    muted: mutedSpans(vod.playlist),
    pieceSeconds: vod.playlist.targetDuration,
    isLocal: false,
    fetched: () => ({ segments: vod.fetchedSegments, total: vod.playlist.segments.length }),
    async read(window, signal) {
      const media = await readVodWindow(vod, window, { signal });
      if (!media) return undefined;
      const source = await decodeStream(ReadableStream.from([media.bytes]), {
        sampleRate: HARVEST_RATE,
        name: `VOD ${vod.vodId} from ${media.start.toFixed(0)} s`,
        signal,
        onWarning,
      });
      return describe(await gatherBlocks(source.blocks), media.start, media.muted);
    },
  };
}

function describe(
  samples: Float32Array<ArrayBuffer>,
  start: number,
  muted: readonly TimeSpan[] = [],
): WindowSound {
  const silent = findSilence(samples, { sampleRate: HARVEST_RATE, startTime: start });
  return { start, samples, silent: mergeSpans([...muted, ...silent]) };
}
