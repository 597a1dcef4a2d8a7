import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AudioSource, OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { rememberSegments } from "lib/media/hls/segment_memory.ts";
import { openVod, type OpenVodOptions, type Vod } from "lib/media/hls/vod.ts";
import { cutFromVod } from "lib/media/recording/cut_from_vod.ts";
import { openVodAudio } from "lib/media/recording/vod_audio.ts";
import {
  createMediaKeeper,
  findKeptMedia,
  mediaExtension,
  type MediaKeeper,
} from "lib/work/search/kept_media.ts";
import { fileRecording, type NamedVod, type Recording } from "lib/work/search/recordings.ts";

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
 * A VOD: read from Twitch while it is searched, or from the file in which it was kept. A VOD that cannot be played is
 * given all the same, and opening it says why.
 */
export async function vodRecording({ id: vodId, url }: NamedVod, reading: VodReading): Promise<Recording> {
  const { folder, keep, force } = reading;
  const identity = { recording: vodId, name: vodId, url };
  const { whole } = await findKeptMedia(folder, vodId);
  if (whole !== undefined && !force) {
    reading.onInfo(`${vodId}: read from ${whole}, where it is kept; --force fetches it again`);
    return { ...fileRecording(whole), ...identity };
  }
  const opening = openVod(vodId, { ...reading.twitch, ...reading }).then(rememberSegments);
  const opened = await opening.catch(() => undefined);
  let kept: Recording | undefined;

  async function open(options: OpenAudioOptions): Promise<AudioSource> {
    if (kept) return await kept.input.open(options);
    const vod = await opening;
    const isPart = options.start !== undefined || options.duration !== undefined;
    return keep && !isPart ? openAndKeep(vod, options) : openVodAudio(vod, options);
  }

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
    ...identity,
    input: { name: vodId, open },
    holdEvents(events) {
      for (const { onset, offset } of events) opened?.hold({ start: onset - AROUND, end: offset + AROUND });
    },
    hasPicture: opened !== undefined && !/audio/i.test(opened.rendition),
    async fingerprint() {
      // The file is what the next search will read.
      if (kept) return await kept.fingerprint();
      if (!opened) return undefined;
      // A running stream grows, and other renditions sound different.
      const facts = ["VOD", vodId, opened.playlist.duration.toFixed(3), opened.rendition];
      return { size: 0, sha256: createHash("sha256").update(facts.join("\n")).digest("hex") };
    },
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
    async cutPicture(range, outPath, options) {
      if (kept) return await kept.cutPicture(range, outPath, options);
      await cutFromVod(await opening, range, outPath, options.signal);
    },
  };
}
