import { basename, extname } from "node:path";
import { mayHavePicture } from "lib/base/events/media_name.ts";
import { fitName } from "lib/base/system/fit_name.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { canJump } from "lib/media/audio/jumps.ts";
import { recordingLength } from "lib/media/audio/recording_length.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import {
  fingerprintRecording,
  type RecordingFingerprint,
} from "lib/media/recording/recording_fingerprint.ts";
import { idOfFingerprint } from "lib/media/recording/recording_id.ts";

/**
 * A recording in a file.
 *
 * @param track Number, language or title of the audio track that is heard; by default the one that players play.
 */
export function fileRecording(path: string, track?: string): Recording {
  let fingerprint: Promise<RecordingFingerprint | undefined> | undefined;
  const identify = () => fingerprint ??= fingerprintRecording(path).catch(() => undefined);
  const open: Recording["open"] = (options) => openAudio(path, { track, ...options });
  return {
    recording: path,
    name: fitName(basename(path, extname(path)) || basename(path)),
    url: undefined,
    origin: { file: basename(path), path, ...(track !== undefined && { track }) },
    hasPicture: mayHavePicture(path),
    fingerprint: identify,
    async id() {
      const known = await identify();
      return known && idOfFingerprint(known);
    },
    duration: (options) => recordingLength(path, { track, ...options }),
    open,
    canJump: () => canJump(path),
    async window({ start, end }, options) {
      const from = Math.max(0, start);
      if (!(end > from)) return undefined;
      const source = await open({ ...options, start: from, duration: end - from });
      const samples = await gatherBlocks(source.blocks);
      return samples.length === 0 ? undefined : { start: from, samples, muted: [] };
    },
    async cut(span, outPath, options) {
      // Loaded here: few who read a recording cut pictures out of it.
      const { cutVideo } = await import("lib/media/video/cut_video.ts");
      await cutVideo(path, span, outPath, { ...options, track });
    },
  };
}
