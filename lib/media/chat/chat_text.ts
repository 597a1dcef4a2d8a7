import { readChatLines } from "lib/media/chat/chat_lines.ts";
import { chatError, type ChatMessage, type ChatReadOptions } from "lib/media/chat/chat_message.ts";
import { parseChatTime } from "lib/media/chat/chat_time.ts";

/** `[0:12:26] `, `0:12:26 | ` and the like in front of a message. */
const TIMED = /^\s*[[(]?(-?(?:\d+:)?\d{1,4}:\d{2}(?:[.,]\d+)?)[\])]?(?:\s*[|\t–-])?(?:\s+(.*))?$/s;
/** A date in its place. */
const DATED = /^\s*[[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
/** `name: text`, `<name> text`, both perhaps behind `(badges)` and `*money*`. */
const SAID = /^(?:\([^)]*\)\s+)?(?:\*[^*]*\*\s+)?(?:<([^>]+)>|([^:]{1,80}?):)(?:\s(.*))?$/s;

/** What a text's first line says of its being a chat. */
export function isChatText(line: string): boolean {
  return TIMED.test(line) || DATED.test(line);
}

/**
 * Messages of a chat in plain text, a line each, as TwitchDownloader and chat-downloader write it: a time from the start of
 * the VOD, a name, and what was said. A line without a name is a message of nobody.
 *
 * @throws {SyntaxError} naming the line, for one without a time, and for times of day.
 */
export async function* readChatText(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatReadOptions = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  for await (const { text, line } of readChatLines(bytes, source)) {
    options.signal?.throwIfAborted();
    if (DATED.test(text)) {
      throw chatError(
        source,
        line,
        "times of day say nothing of where in the VOD they are: export it again with relative times",
      );
    }
    try {
      yield readLine(text, source, line);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !options.onBadRow) throw error;
      options.onBadRow(error);
    }
  }
}

function readLine(text: string, source: string, line: number): ChatMessage {
  const [, clock, said = ""] = TIMED.exec(text) ?? [];
  if (clock === undefined) {
    throw chatError(source, line, "no time; each line begins with one, such as [0:12:26] name: text");
  }
  let time: number;
  try {
    time = parseChatTime(clock);
  } catch (error) {
    throw chatError(source, line, (error as SyntaxError).message, error);
  }
  const [, bracketed, plain, message = ""] = SAID.exec(said) ?? [];
  const name = bracketed ?? plain;
  return name === undefined ? { time, message: said } : { time, message, userName: loginOf(name) };
}

/** The login of `名前 (login)`, else the name as it is. */
export function loginOf(name: string): string {
  return /\((\w+)\)$/.exec(name.trim())?.[1] ?? name.trim();
}
