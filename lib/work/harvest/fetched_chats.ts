import { dirname } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { exists } from "lib/base/system/exists.ts";
import { readChatFile, writeChatFile } from "lib/media/chat/chat_file.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";

const schema = z.strictObject({
  formatVersion: z.literal(1),
  /** By VOD id: whether the VOD was whole when its chat was fetched. */
  whole: z.record(z.string(), z.boolean()),
});

/** Which chats were fetched, and whether there was more to come. */
interface FetchedChats {
  /** VODs whose chat was fetched while they were still being recorded, or whose fetch was cut off. */
  readonly unfinished: ReadonlySet<string>;
  note(vodId: string, isWhole: boolean): Promise<void>;
}

/**
 * Opens the memory in a file; without one nothing was fetched.
 *
 * @throws {SyntaxError} if it is damaged; its message says what to do.
 */
export async function openFetchedChats(path: string): Promise<FetchedChats> {
  const whole = await exists(path) ? readWhole(await Deno.readTextFile(path), path) : {};
  return {
    get unfinished() {
      return new Set(Object.entries(whole).filter(([, isWhole]) => !isWhole).map(([vodId]) => vodId));
    },
    async note(vodId, isWhole) {
      if (whole[vodId] === isWhole) return;
      whole[vodId] = isWhole;
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, whole }, null, 1)}\n`);
    },
  };
}

function readWhole(text: string, path: string): Record<string, boolean> {
  try {
    return schema.parse(JSON.parse(text)).whole;
  } catch (cause) {
    throw new SyntaxError(
      `${path} is no list of fetched chats: remove it, and the next run makes a new one`,
      {
        cause,
      },
    );
  }
}

/** The chat of a stream that runs is behind by some seconds; so much of what is there is asked for again. */
const OVERLAP_SECONDS = 60;

/** Reads a VOD's chat on its platform, in the order of time, from about a time on, in seconds. */
type ChatReader = (
  options: { readonly from: number; readonly signal: AbortSignal | undefined },
) => AsyncIterable<ChatMessage>;

/**
 * Fetches the chat of a VOD into a file; of a chat that is there, only what comes after it.
 *
 * @returns How many messages there are now, and how many of them are new.
 * @throws {RequestError} if it cannot be had; the file is then as it was.
 */
export async function fetchChat(
  readChat: ChatReader,
  path: string,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((messages: number) => void) | undefined;
  } = {},
): Promise<{ readonly messages: number; readonly added: number }> {
  const { signal, onProgress } = options;
  const before = await exists(path) ? await Array.fromAsync(readChatFile(path)) : [];
  const last = before.reduce((last, { time }) => Math.max(last, time), 0);
  const from = before.length === 0 ? 0 : Math.max(0, Math.floor(last) - OVERLAP_SECONDS);
  const messages: ChatMessage[] = before.filter(({ time }) => time < from);
  for await (const message of readChat({ from, signal })) {
    // Pages begin somewhat before the second that was asked for.
    if (message.time < from) continue;
    messages.push(message);
    onProgress?.(messages.length);
  }
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeChatFile(path, messages);
  return { messages: messages.length, added: messages.length - before.length };
}
