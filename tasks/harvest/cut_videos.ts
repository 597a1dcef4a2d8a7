import { basename, dirname, join } from "node:path";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { exists } from "lib/base/system/exists.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import { openKeptVod } from "lib/media/hls/kept_vod.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import type { TwitchSetup } from "lib/media/platforms/twitch/connect.ts";
import { cutFromVod } from "lib/media/recording/cut_from_vod.ts";
import { cutVideo, VideoError } from "lib/media/video/cut_video.ts";
import { clipSpan } from "lib/work/harvest/clip_span.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import type { ChatSource } from "tasks/harvest/sources.ts";
import type { HarvestRecord } from "lib/work/harvest/harvest_record.ts";

/** A clip whose video is wanted. */
interface WantedVideo {
  readonly span: TimeSpan;
  readonly path: string;
}

/**
 * Cuts the video of each positive and negative clip of a recording that has none yet, into `<event>-video` and
 * `not-<event>-video` beside the clips.
 *
 * @returns Whether one could not be cut; it is named in the log.
 */
export async function cutVideos(
  record: HarvestRecord,
  source: ChatSource,
  { folders, twitch, quality, track, log, signal }: {
    readonly folders: HarvestFolders;
    readonly twitch: () => TwitchSetup;
    readonly quality: string | undefined;
    /** Audio track of a local recording. */
    readonly track: string | undefined;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  let vod: Vod | undefined;
  let failed = false;
  for (const { span, path } of wantedVideos(record, folders.clips)) {
    if (await exists(path)) continue;
    signal.throwIfAborted();
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      if (source.local !== undefined) {
        const { offset } = source;
        await cutVideo(source.local, { start: span.start - offset, end: span.end - offset }, path, {
          track,
          signal,
        });
        continue;
      }
      vod ??= await openKeptVod(source.vodId!, { ...twitch(), quality, folder: folders.vods, signal });
      await cutFromVod(vod, span, path, signal);
    } catch (error) {
      signal.throwIfAborted();
      failed = true;
      if (error instanceof VideoError && error.noPicture) {
        log.error(`${record.name}: ${error.message}`);
        break;
      }
      log.error(`${path} was not cut: ${errorMessage(error)}`);
    }
  }
  return failed;
}

function wantedVideos({ event, mentions, negatives }: HarvestRecord, clipsFolder: string): WantedVideo[] {
  const pathOf = (clip: string, name: string) =>
    join(clipsFolder, `${name}-video`, basename(clip).replace(/\.wav$/, ".mp4"));
  const positives = mentions.flatMap(({ outcome, candidates: [best] }) =>
    outcome === "found" && best?.clip ? [{ span: clipSpan(best), path: pathOf(best.clip, event) }] : []
  );
  const others = negatives.map(({ start, end, clip }) => ({
    span: { start, end },
    path: pathOf(clip, notLabel(event)),
  }));
  return [...positives, ...others];
}
