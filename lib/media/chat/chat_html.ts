import {
  chatError,
  type ChatMessage,
  type ChatReadOptions,
  MAX_ROW_CHARACTERS,
} from "lib/media/chat/chat_message.ts";
import { loginOf } from "lib/media/chat/chat_text.ts";
import { parseChatTime } from "lib/media/chat/chat_time.ts";

const START = /<pre[^>]*\bclass=["'][^"']*\bcomment-root\b/i;
const END = /<\/pre\s*>/i;
/** Longer than the beginning of a message can be, in characters: what is kept of a block that holds none. */
const OVERLAP = 200;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/**
 * Messages of a chat in HTML, as TwitchDownloader writes it. Emotes are read as the words that they stand for, and what is
 * embedded (styles and pictures) passes by unread.
 *
 * @throws {SyntaxError} naming the line, if there is no message in it, or one cannot be read.
 */
export async function* readChatHtml(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatReadOptions = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  let found = false;
  for await (const { text, line } of readElements(bytes, source)) {
    options.signal?.throwIfAborted();
    found = true;
    try {
      yield readElement(text, source, line);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !options.onBadRow) throw error;
      options.onBadRow(error);
    }
  }
  if (!found) throw chatError(source, 1, "this HTML is no chat of TwitchDownloader; export it as JSON");
}

/** The elements that hold a message each. */
async function* readElements(
  bytes: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<{ text: string; line: number }> {
  const decoder = new TextDecoder();
  let [rest, line] = ["", 1];
  const skip = (length: number) => {
    line += rest.slice(0, length).split("\n").length - 1;
    rest = rest.slice(length);
  };
  for await (const block of bytes) {
    rest += decoder.decode(block, { stream: true });
    while (true) {
      const start = START.exec(rest);
      if (!start) {
        skip(Math.max(0, rest.length - OVERLAP));
        break;
      }
      skip(start.index);
      const end = END.exec(rest);
      if (!end) {
        if (rest.length > MAX_ROW_CHARACTERS) {
          throw chatError(
            source,
            line,
            `a message of more than ${MAX_ROW_CHARACTERS} characters; the file is damaged`,
          );
        }
        break;
      }
      yield { text: rest.slice(0, end.index), line };
      skip(end.index + end[0].length);
    }
  }
  if (START.test(rest)) {
    throw chatError(source, line, "the file ends in the middle; was its download broken off?");
  }
}

function readElement(html: string, source: string, line: number): ChatMessage {
  const [head = "", body] = html.slice(html.indexOf(">") + 1).split(
    /<span[^>]*\bcomment-message\b[^>]*>/i,
    2,
  );
  const time = /\[([^\]]*)\]/.exec(toText(head))?.[1];
  if (time === undefined || body === undefined) {
    throw chatError(source, line, "a message without time or text");
  }
  const name = /<span[^>]*\bcomment-author\b[^>]*>(.*?)<\/span>/is.exec(head)?.[1];
  const message = toText(body).replace(/^\s*:\s?/, "").trimEnd();
  try {
    return {
      time: parseChatTime(time),
      message,
      ...(name === undefined ? {} : { userName: loginOf(toText(name)) }),
    };
  } catch (error) {
    throw chatError(source, line, (error as SyntaxError).message, error);
  }
}

/** Text without markup. */
function toText(html: string): string {
  return html.replace(/<[^>]*>/g, "").replace(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (all, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
      const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
    },
  );
}
