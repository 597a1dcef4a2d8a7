import { openAudio } from "lib/media/audio/audio_source.ts";
import { readChatFile, readChatVideo } from "lib/media/chat/chat_file.ts";
import type { ChatVideo } from "lib/media/chat/chat_json.ts";
import type { ChatMessage, ChatReadOptions } from "lib/media/chat/chat_message.ts";
import { HARVEST_RATE } from "lib/work/harvest/recording_sound.ts";

/**
 * Seconds into the stream at which a recording begins that goes with a chat of a part of a VOD. Times of such a chat count
 * from the start of the VOD, and a recording is most often of the same part; one that reaches as far as the part does, or is
 * nearer to that than to the part's own length, holds the stream from its beginning.
 *
 * @returns 0 for the chat of a whole VOD.
 * @throws {AudioError} If the recording cannot be read.
 */
export async function cropOffset(recording: string, video: ChatVideo | undefined): Promise<number> {
  const { start = 0, end } = video ?? {};
  if (!(start > 0)) return 0;
  const { duration, close } = await openAudio(recording, { sampleRate: HARVEST_RATE });
  await close();
  if (duration === undefined || end === undefined || !(end > start)) {
    return duration !== undefined && duration > start ? 0 : start;
  }
  const isWhole = Math.max(0, end - duration) <= Math.abs(duration - (end - start));
  return isWhole ? 0 : start;
}

/**
 * Messages of a chat file on the time line of a recording that one has, wherever in the stream it begins by
 * {@link cropOffset}. Messages from before its beginning go to `onBadRow`.
 *
 * @throws {SyntaxError} for a chat that cannot be read, {AudioError} for a recording.
 */
export async function* readPlacedChat(
  chat: string,
  recording: string,
  options: ChatReadOptions = {},
): AsyncGenerator<ChatMessage> {
  const offset = await cropOffset(recording, await readChatVideo(chat));
  for await (const message of readChatFile(chat, options)) {
    const time = message.time - offset;
    if (time >= 0) yield offset === 0 ? message : { ...message, time };
    else options.onBadRow?.(new SyntaxError(`${chat}: a message of ${-time} s before the recording begins`));
  }
}
