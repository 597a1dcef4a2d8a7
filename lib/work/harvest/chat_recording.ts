import { openKeptVod } from "lib/media/hls/kept_vod.ts";
import type { OpenVodOptions } from "lib/media/hls/vod.ts";
import { vodUrl } from "lib/media/platforms/twitch/vod_id.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import { vodRecording } from "lib/media/recording/vod_recording.ts";

/** How recordings of chats are opened. */
export interface ChatRecordingOptions {
  /** Connects to Twitch; called for VODs only. */
  readonly twitch: () => Pick<OpenVodOptions, "access" | "http" | "clock" | "random">;
  readonly quality?: string | undefined;
  /** Folder in which segments of VODs are kept. */
  readonly vodsFolder: string;
  /** Audio track of files. */
  readonly track?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of media that is damaged for good and used all the same. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * The recording that a chat belongs to: the user's file, or the VOD.
 *
 * @throws {RequestError} If it is a VOD that cannot be played.
 */
export async function openChatRecording(
  { local, vodId }: { readonly local: string | undefined; readonly vodId: string | undefined },
  { twitch, vodsFolder, track, ...options }: ChatRecordingOptions,
): Promise<Recording> {
  if (local !== undefined) return fileRecording(local, track);
  const id = vodId!;
  const vod = await openKeptVod(id, { ...twitch(), ...options, folder: vodsFolder });
  return vodRecording({ platform: "twitch", id, url: vodUrl(id) }, vod);
}
