import { join } from "node:path";
import { chatFileName, chatFileVodId, writeChatFile } from "lib/chat/chat_file.ts";
import { fetchVodChat } from "lib/twitch/vod_chat.ts";
import { parseVodId } from "lib/twitch/vod_id.ts";
import type { Logger } from "lib/system/logger.ts";
import { type Progress, UsageError } from "tasks/command.ts";
import { listChats } from "tasks/harvest/sources.ts";
import type { TwitchSetup } from "tasks/harvest/twitch_connection.ts";

/** VOD ids of what the user typed. @throws {UsageError} for what is none. */
export function readVodIds(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const id = parseVodId(text);
    if (id === undefined) throw new UsageError(`--vod "${text}" is no VOD: give its id or its address`);
    return id;
  });
}

/**
 * Fetches the chats of VODs that are not there yet.
 *
 * @returns Whether one could not be had; it is named in the log.
 */
export async function fetchMissingChats(
  vodIds: readonly string[],
  { folder, twitch, log, progress, signal, dryRun }: {
    readonly folder: string;
    readonly twitch: () => TwitchSetup;
    readonly log: Logger;
    readonly progress: Progress;
    readonly signal: AbortSignal;
    readonly dryRun: boolean;
  },
): Promise<boolean> {
  const present = new Set((await listChats(folder)).map(chatFileVodId));
  let failed = false;
  for (const vodId of vodIds) {
    if (present.has(vodId)) continue;
    const path = join(folder, chatFileName(vodId));
    if (dryRun) {
      log.info(`${path} would be fetched first`);
      continue;
    }
    try {
      const bar = await progress.start(`chat of ${vodId}`, 0);
      const messages = [];
      for await (const message of fetchVodChat(twitch(), vodId, { signal })) {
        messages.push(message);
        bar.update(0, `${messages.length} messages`);
      }
      bar.stop();
      await Deno.mkdir(folder, { recursive: true });
      await writeChatFile(path, messages);
      log.info(`${path}: ${messages.length} messages fetched`);
    } catch (error) {
      signal.throwIfAborted();
      log.error(`Cannot fetch the chat of VOD ${vodId}: ${error instanceof Error ? error.message : error}`);
      failed = true;
    }
  }
  return failed;
}
