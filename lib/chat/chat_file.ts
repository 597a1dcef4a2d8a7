import { basename } from "node:path";
import { writeFileAtomic } from "lib/system/atomic_file.ts";
import { chatCsvHeader, chatCsvRow, readChatCsv } from "lib/chat/chat_csv.ts";
import { readChatJson } from "lib/chat/chat_json.ts";
import type { ChatMessage, ChatReadOptions } from "lib/chat/chat_message.ts";

/** Options of {@link readChatFile}. */
export interface ChatFileOptions extends ChatReadOptions {
  /** Called with the VOD id that a JSON export carries inside. */
  readonly onVideoId?: (id: string) => void;
}

/**
 * Messages of a chat file: CSV, or the JSON of TwitchDownloader and twitch-dl, told apart by content.
 *
 * @throws {SyntaxError} naming file and line, if it is neither; `Deno.errors.NotFound` if it is missing.
 */
export async function* readChatFile(
  path: string,
  options: ChatFileOptions = {},
): AsyncGenerator<ChatMessage> {
  const settings = { source: path, ...options };
  using file = await Deno.open(path, { read: true });
  const head = new Uint8Array(64);
  const count = await file.read(head) ?? 0;
  await file.seek(0, Deno.SeekMode.Start);
  const start = new TextDecoder().decode(head.subarray(0, count)).trimStart();
  const bytes = readBlocks(file);
  if (start.startsWith("{") || start.startsWith("[")) yield* readChatJson(bytes, settings);
  else yield* readChatCsv(bytes, settings);
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

/** Writes messages as a chat file in CSV, whole or not at all. */
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
