import { basename, dirname, join } from "node:path";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { exists } from "lib/base/system/exists.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import { VideoError } from "lib/media/video/cut_video.ts";
import { type ChatRecordingOptions, openChatRecording } from "lib/work/harvest/chat_recording.ts";
import { clipSpan } from "lib/work/harvest/clip_span.ts";
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
  { clips, opening, log, signal }: {
    /** Folder of the clip folders. */
    readonly clips: string;
    readonly opening: ChatRecordingOptions;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  let recording: Recording | undefined;
  let failed = false;
  for (const { span, path } of wantedVideos(record, clips)) {
    if (await exists(path)) continue;
    signal.throwIfAborted();
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      recording ??= await openChatRecording(source, opening);
      const { offset } = source;
      await recording.cut({ start: span.start - offset, end: span.end - offset }, path, { signal });
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
