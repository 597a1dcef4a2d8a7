import { createHash } from "node:crypto";
import { decodeStream } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { mutedSpans } from "lib/media/hls/segment_plan.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import { readVodWindow } from "lib/media/hls/vod_stream.ts";
import { cutFromVod } from "lib/media/recording/cut_from_vod.ts";
import type { Recording, RemoteMedia } from "lib/media/recording/recording.ts";
import { vodRecordingId } from "lib/media/recording/recording_id.ts";
import { openVodAudio } from "lib/media/recording/vod_audio.ts";

/** A VOD as its platform names it. */
export interface NamedVod {
  /** Name of the platform, such as `twitch`. */
  readonly platform: string;
  readonly id: string;
  /** Its address. */
  readonly url: string;
}

/** What a VOD is called, before it is opened and after. */
export function vodIdentity(
  { platform, id, url }: NamedVod,
): Pick<Recording, "recording" | "name" | "url" | "id"> {
  return { recording: id, name: id, url, id: () => Promise.resolve(vodRecordingId(platform, id)) };
}

/** A VOD that was opened: its segments are fetched as they are asked for. */
export function vodRecording(named: NamedVod, vod: Vod): Recording & { readonly remote: RemoteMedia } {
  const { rendition } = vod;
  return {
    ...vodIdentity(named),
    origin: { vod: vod.vodId, rendition },
    hasPicture: !/audio/i.test(rendition),
    remote: {
      segmentSeconds: vod.playlist.targetDuration,
      muted: mutedSpans(vod.playlist),
      fetched: () => ({ segments: vod.fetchedSegments, total: vod.playlist.segments.length }),
    },
    fingerprint() {
      // A running stream grows, and other renditions sound different.
      const facts = ["VOD", vod.vodId, vod.playlist.duration.toFixed(3), vod.rendition];
      const sha256 = createHash("sha256").update(facts.join("\n")).digest("hex");
      return Promise.resolve({ size: 0, sha256 });
    },
    duration: () => Promise.resolve(vod.playlist.duration),
    open: (options) => Promise.resolve(openVodAudio(vod, options)),
    async window(span, { sampleRate, signal, onWarning }) {
      const media = await readVodWindow(vod, span, { signal });
      if (!media) return undefined;
      const name = `VOD ${vod.vodId} from ${media.start.toFixed(0)} s`;
      const options = { sampleRate, name, signal, onWarning };
      const source = await decodeStream(ReadableStream.from([media.bytes]), options);
      return { start: media.start, samples: await gatherBlocks(source.blocks), muted: media.muted };
    },
    cut: (span, path, { signal }) => cutFromVod(vod, span, path, signal),
  };
}
