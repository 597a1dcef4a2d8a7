import { z } from "zod";
import { readChatLines } from "lib/media/chat/chat_lines.ts";
import { chatError, type ChatMessage, type ChatReadOptions } from "lib/media/chat/chat_message.ts";
import { type CommentContent, parseComment, parseLiveChat } from "lib/media/chat/json_comment.ts";
import { readJsonElements } from "lib/media/chat/json_elements.ts";

/** What a JSON export says of the VOD that it is of. */
export interface ChatVideo {
  readonly id: string | undefined;
  /** Part of the VOD whose chat it holds, in seconds from the start of the VOD, which times count from all the same. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Options of the readers of chats in JSON. */
export interface ChatJsonOptions extends ChatReadOptions {
  readonly onVideo?: ((video: ChatVideo) => void) | undefined;
}

const Video = z.object({
  id: z.union([z.string(), z.number()]).nullish().catch(undefined),
  start: z.number().nullish().catch(undefined),
  end: z.number().nullish().catch(undefined),
});

/**
 * Messages of a chat file in JSON, as TwitchDownloader, twitch-dl, twitch-chatlog and chat-downloader write it, in memory
 * that does not grow with the file. Only what this project needs is read; other members may be there or not.
 *
 * @throws {SyntaxError} naming the line and the comment, if the file or a comment cannot be read.
 */
export async function* readChatJson(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatJsonOptions = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  let number = 0;
  const keys = new Set<string>();
  const wanted = { objects: ["video"], arrays: ["comments"], onKey: (key: string) => void keys.add(key) };
  for await (const { key, text, line } of readJsonElements(bytes, wanted, source)) {
    options.signal?.throwIfAborted();
    if (key === "video") {
      const video = readVideo(text);
      if (video !== undefined) options.onVideo?.(video);
      continue;
    }
    number++;
    yield* readOne(text, { source, line, number, parse: parseComment }, options);
  }
  if (keys.size > 0 && !keys.has("comments")) {
    throw chatError(source, 1, "the JSON holds no comments; is it a chat?");
  }
}

/**
 * Messages of a chat in JSON with an object a line: yt-dlp's `live_chat`, of which what is no message is passed over, and
 * chat-downloader's lines.
 *
 * @throws {SyntaxError} naming the line, if it cannot be read.
 */
export async function* readChatJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatReadOptions = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  let number = 0;
  for await (const { text, line } of readChatLines(bytes, source)) {
    options.signal?.throwIfAborted();
    number++;
    const parse = (value: unknown) => parseLiveChat(value) ?? parseComment(value);
    yield* readOne(text, { source, line, number, parse }, options);
  }
}

function* readOne(
  text: string,
  { source, line, number, parse }: {
    readonly source: string;
    readonly line: number;
    readonly number: number;
    readonly parse: (value: unknown) => readonly CommentContent[] | string;
  },
  { onBadRow }: ChatReadOptions,
): Generator<ChatMessage> {
  try {
    const parsed = parse(parseJson(text, source, line, number));
    if (typeof parsed === "string") throw chatError(source, line, `comment ${number} ${parsed}`);
    for (const { time, message, userName, isBot } of parsed) {
      if (time < 0) {
        throw chatError(source, line, `comment ${number} was sent ${-time} s before the recording begins`);
      }
      yield { time, message, ...(userName ? { userName } : {}), ...(isBot ? { isBot } : {}) };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) || !onBadRow) throw error;
    onBadRow(error);
  }
}

function parseJson(text: string, source: string, line: number, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw chatError(source, line, `comment ${number} is broken: ${(error as SyntaxError).message}`, error);
  }
}

function readVideo(text: string): ChatVideo | undefined {
  try {
    const { id, start, end } = Video.parse(JSON.parse(text));
    return {
      id: id === undefined || id === null ? undefined : String(id),
      start: start ?? undefined,
      end: end ?? undefined,
    };
  } catch {
    return undefined; // it only helps where the file's name says nothing
  }
}
