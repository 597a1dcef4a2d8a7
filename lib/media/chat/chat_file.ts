import { basename } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { decodeChatBytes } from "lib/media/chat/chat_bytes.ts";
import { chatCsvHeader, chatCsvRow, readChatCsv } from "lib/media/chat/chat_csv.ts";
import { CHAT_FILE, chatFormatOf } from "lib/media/chat/chat_format.ts";
import { readChatHtml } from "lib/media/chat/chat_html.ts";
import {
  type ChatJsonOptions,
  type ChatVideo,
  readChatJson,
  readChatJsonLines,
} from "lib/media/chat/chat_json.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { readChatText } from "lib/media/chat/chat_text.ts";

/**
 * Messages of a chat file in any of {@link CHAT_FORMATS}, told apart by content; packed with gzip or not, in UTF-8 or UTF-16.
 *
 * @throws {SyntaxError} naming file and line, if it is none; `Deno.errors.NotFound` if it is missing.
 */
export async function* readChatFile(
  path: string,
  options: ChatJsonOptions = {},
): AsyncGenerator<ChatMessage> {
  const settings = { source: path, ...options };
  using file = await Deno.open(path, { read: true });
  const { head, bytes } = await decodeChatBytes(readBlocks(file), path);
  switch (chatFormatOf(head)) {
    case "json":
      return yield* readChatJson(bytes, settings);
    case "json lines":
      return yield* readChatJsonLines(bytes, settings);
    case "html":
      return yield* readChatHtml(bytes, settings);
    case "text":
      return yield* readChatText(bytes, settings);
    case "csv":
      return yield* readChatCsv(bytes, settings);
  }
}

/** What a chat file says of its VOD in front of its messages; nothing where it does not, or cannot be read. */
export async function readChatVideo(path: string): Promise<ChatVideo | undefined> {
  let video: ChatVideo | undefined;
  try {
    for await (const _first of readChatFile(path, { onVideo: (found) => video = found })) break;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return video;
}

async function* readBlocks(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  while (true) {
    // A fresh buffer each time: the CSV parser keeps views of what it was given.
    const block = new Uint8Array(1 << 16);
    const count = await file.read(block);
    if (count === null) return;
    yield block.subarray(0, count);
  }
}

/**
 * Writes messages as a chat file in CSV, whole or not at all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readChatFile, writeChatFile } from "lib/media/chat/chat_file.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/twitch-chat-1746376348.csv`;
 * await writeChatFile(path, [{ time: 12.5, message: "!burp", userName: "ann" }]);
 * const messages = await Array.fromAsync(readChatFile(path));
 * assert.deepEqual(messages.map(({ time, message }) => [time, message]), [[12.5, "!burp"]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeChatFile(path: string, messages: Iterable<ChatMessage>): Promise<void> {
  const all = [...messages];
  const marksBots = all.some(({ isBot }) => isBot);
  const text = chatCsvHeader(marksBots) + all.map((message) => chatCsvRow(message, marksBots)).join("");
  await writeFileAtomic(path, text);
}

/** Usual name of the chat file of a VOD. */
export function chatFileName(vodId: string): string {
  return `twitch-chat-${vodId}.csv`;
}

/** VOD id in the name of a chat file (`twitch-chat-1746376348.csv`, `1746376348.json`), if there is one. */
export function chatFileVodId(path: string): string | undefined {
  const name = basename(path.replaceAll("\\", "/"));
  return /^twitch-chat-v?(\d+)\b/.exec(name)?.[1] ?? /(?<!\d)v?(\d{8,12})(?!\d)/.exec(name)?.[1];
}

/** Name of a chat file without what all of them have in common. */
export function chatStem(path: string): string {
  return basename(path).replace(CHAT_FILE, "").replace(/\.live_chat$/, "").replace(/^twitch-chat-/, "")
    .normalize("NFC");
}
