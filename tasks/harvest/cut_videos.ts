import { basename, join } from "node:path";
import { clipSpan } from "lib/harvest/clip_span.ts";
import type { HarvestRecord } from "lib/harvest/harvest_record.ts";
import { openKeptVod } from "lib/harvest/kept_vod.ts";
import type { Vod } from "lib/harvest/vod.ts";
import { readVodWindow } from "lib/harvest/vod_stream.ts";
import { cutVideo, VideoError } from "lib/video/cut_video.ts";
import type { Logger } from "lib/system/logger.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import type { ChatSource } from "tasks/harvest/sources.ts";
import type { TwitchSetup } from "tasks/harvest/twitch_connection.ts";

/**
 * Cuts the video of each positive clip of a recording that has none yet, into `<event>-video` beside the clips.
 *
 * @returns Whether one could not be cut; it is named in the log.
 */
export async function cutVideos(
  record: HarvestRecord,
  source: ChatSource,
  { folders, twitch, quality, log, signal }: {
    readonly folders: HarvestFolders;
    readonly twitch: () => TwitchSetup;
    readonly quality: string | undefined;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const folder = join(folders.clips, `${record.event}-video`);
  let vod: Vod | undefined;
  let failed = false;
  for (const { outcome, candidates: [best] } of record.mentions) {
    if (outcome !== "found" || !best?.clip) continue;
    const path = join(folder, basename(best.clip).replace(/\.wav$/, ".mp4"));
    if (await Deno.stat(path).then(() => true, () => false)) continue;
    signal.throwIfAborted();
    const span = clipSpan(best);
    try {
      await Deno.mkdir(folder, { recursive: true });
      if (source.local !== undefined) {
        const { offset } = source;
        await cutVideo(source.local, { start: span.start - offset, end: span.end - offset }, path, {
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
      log.error(`${path} was not cut: ${error instanceof Error ? error.message : error}`);
    }
  }
  return failed;
}

/** Cuts a part out of a VOD, with picture; nothing where the part lies outside of it. */
export async function cutFromVod(
  vod: Vod,
  span: { readonly start: number; readonly end: number },
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const media = await readVodWindow(vod, span, { signal });
  if (!media) return;
  const temporary = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeFile(temporary, media.bytes);
    await cutVideo(temporary, { start: span.start - media.start, end: span.end - media.start }, path, {
      signal,
    });
  } finally {
    await Deno.remove(temporary);
  }
}
