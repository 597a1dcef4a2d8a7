import { join } from "node:path";
import type { AudioSource, OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { rememberSegments } from "lib/media/hls/segment_memory.ts";
import { openVod, type OpenVodOptions, type Vod } from "lib/media/hls/vod.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import { openVodAudio } from "lib/media/recording/vod_audio.ts";
import { type NamedVod, vodIdentity, vodRecording } from "lib/media/recording/vod_recording.ts";
import {
  createMediaKeeper,
  findKeptMedia,
  mediaExtension,
  type MediaKeeper,
} from "lib/work/search/kept_media.ts";
import type { SearchedRecording } from "lib/work/search/recordings.ts";

/** Clips, their pictures and their first sound reach so far beyond an event, in seconds. */
const AROUND = 4;

/** How VODs are read. */
interface VodReading {
  readonly twitch: Pick<OpenVodOptions, "access" | "http" | "clock" | "random">;
  readonly quality: string | undefined;
  /** Folder of VODs that are kept. */
  readonly folder: string;
  /** Whether the media is kept. */
  readonly keep: boolean;
  /** Whether the media is fetched even if it is kept. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Told of media that is damaged for good and used all the same. */
  readonly onWarning: (text: string) => void;
  readonly onInfo: (text: string) => void;
}

/**
 * A VOD: read from its platform while it is searched, or from the file in which it was kept. A VOD that cannot be played is
 * given all the same, and opening it says why.
 */
export async function keptVodRecording(named: NamedVod, reading: VodReading): Promise<SearchedRecording> {
  const { folder, keep, force } = reading;
  const { id: vodId } = named;
  const { whole } = await findKeptMedia(folder, vodId);
  if (whole !== undefined && !force) {
    reading.onInfo(`${vodId}: read from ${whole}, where it is kept; --force fetches it again`);
    return { ...fileRecording(whole), ...vodIdentity(named) };
  }
  const opening = openVod(vodId, { ...reading.twitch, ...reading }).then(rememberSegments);
  const fetching = opening.then((vod) => vodRecording(named, vod));
  const [opened, fetched] = await Promise.all([opening, fetching]).catch(() => []);
  let kept: Recording | undefined;
  const current = async () => kept ?? await fetching;

  function openAndKeep(vod: Vod, options: OpenAudioOptions): AudioSource {
    let keeper: MediaKeeper;
    let holes = 0;
    const source = openVodAudio(vod, {
      ...options,
      onMedia: (bytes) => keeper.write(bytes),
      onHole: () => holes++,
    });
    async function* blocks() {
      keeper = await createMediaKeeper(folder, vodId, mediaExtension(vod.playlist.segments[0]!));
      try {
        yield* source.blocks;
        const path = await keeper.commit(holes === 0 && vod.playlist.ended);
        if (holes === 0 && vod.playlist.ended) kept = fileRecording(path);
        reading.onInfo(`${vodId}: kept as ${path}`);
      } finally {
        await keeper.abort();
      }
    }
    return { ...source, blocks: blocks() };
  }

  return {
    ...vodIdentity(named),
    origin: fetched?.origin ?? { vod: vodId },
    hasPicture: fetched?.hasPicture ?? false,
    remote: fetched?.remote,
    async open(options) {
      const isPart = options.start !== undefined || options.duration !== undefined;
      if (!keep || isPart || kept) return await (await current()).open(options);
      return openAndKeep(await opening, options);
    },
    duration: async (options) => await (await current()).duration(options),
    window: async (span, options) => await (await current()).window(span, options),
    cut: async (span, path, options) => await (await current()).cut(span, path, options),
    holdEvents(events) {
      for (const { onset, offset } of events) opened?.hold({ start: onset - AROUND, end: offset + AROUND });
    },
    // The file is what the next search will read.
    fingerprint: async () => await (kept ?? fetched)?.fingerprint(),
    async mediaIsDue() {
      const media = await findKeptMedia(folder, vodId);
      return keep && media.whole === undefined && !media.isPartial;
    },
    async describePlan() {
      const { playlist, rendition } = await opening;
      const hours = (playlist.duration / 3600).toFixed(1);
      const target = join(folder, `${vodId}${mediaExtension(playlist.segments[0]!)}`);
      return `${hours} hours of ${rendition} from Twitch${keep ? `, kept as ${target}` : ""}`;
    },
  };
}
