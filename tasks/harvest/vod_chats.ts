import { join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { exists } from "lib/base/system/exists.ts";
import { chatFileName, chatFileVodId } from "lib/media/chat/chat_file.ts";
import { openVod } from "lib/media/hls/vod.ts";
import { findPlatformRecording, type PlatformRecording } from "lib/media/platforms/platforms.ts";
import type { TwitchSetup } from "lib/media/platforms/twitch/connect.ts";
import { fetchVodChat } from "lib/media/platforms/twitch/vod_chat.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";
import type { HARVEST_OPTIONS } from "tasks/harvest/options.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import { listChats } from "tasks/harvest/sources.ts";
import { fetchChat, openFetchedChats } from "lib/work/harvest/fetched_chats.ts";

/** The recordings that the user typed. @throws {UsageError} for what is none. */
export async function readRecordings(texts: readonly string[]): Promise<PlatformRecording[]> {
  const recordings: PlatformRecording[] = [];
  for (const text of texts) {
    const recording = await findPlatformRecording(text);
    if (!recording) throw new UsageError(`--vod "${text}" is no VOD: give its id or its address`);
    recordings.push(recording);
  }
  return recordings;
}

/** What fetching chats needs. */
interface ChatFetching {
  readonly context: CommandContext<typeof HARVEST_OPTIONS>;
  readonly folders: HarvestFolders;
  readonly twitch: () => TwitchSetup;
}

/** Where it is kept which chats were fetched. */
function memoryPath({ records }: HarvestFolders): string {
  return join(records, "chats.json");
}

/** VODs whose chat is there in part, since they were still being recorded. */
export async function unfinishedChats(folders: HarvestFolders): Promise<string[]> {
  return [...(await openFetchedChats(memoryPath(folders))).unfinished];
}

/**
 * Fetches the chats of VODs that are not there yet, and the rest of those that were fetched while the VOD was still being
 * recorded.
 *
 * @returns Whether one could not be had; it is named in the log.
 */
export async function fetchDueChats(
  vodIds: readonly string[],
  { context, folders, twitch }: ChatFetching,
): Promise<boolean> {
  const { log, progress, signal, options } = context;
  const present = new Set((await listChats(folders.chats)).map(chatFileVodId));
  const memory = await openFetchedChats(memoryPath(folders));
  let failed = false;
  for (const vodId of vodIds) {
    const path = join(folders.chats, chatFileName(vodId));
    const isPart = memory.unfinished.has(vodId) && await exists(path);
    if (present.has(vodId) && !isPart) continue;
    if (options.dryRun) {
      log.info(`${path} would be ${isPart ? "completed" : "fetched"} first`);
      continue;
    }
    try {
      await memory.note(vodId, false);
      const isWhole = await isRecorded(vodId, twitch(), signal);
      const bar = await progress.start(`chat of ${vodId}`, 1);
      const { messages, added } = await fetchChat((choice) => fetchVodChat(twitch(), vodId, choice), path, {
        signal,
        onProgress: (count) => bar.update(0, counted(count, "message")),
      });
      bar.stop();
      await memory.note(vodId, isWhole === true);
      const what = isPart
        ? `${counted(added, "message")} added, since VOD ${vodId} was still being recorded the last time`
        : `${counted(messages, "message")} fetched`;
      const more = isWhole !== false
        ? ""
        : `; VOD ${vodId} is still being recorded: run this again for the rest`;
      log.info(`${path}: ${what}${more}`);
    } catch (error) {
      signal.throwIfAborted();
      log.error(`Cannot fetch the chat of VOD ${vodId}: ${errorMessage(error)}`);
      failed = true;
    }
  }
  return failed;
}

/** Whether a VOD is not being recorded any more; nothing where it cannot be played now, so that nobody knows. */
async function isRecorded(
  vodId: string,
  twitch: TwitchSetup,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    return (await openVod(vodId, { ...twitch, signal })).playlist.ended;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
