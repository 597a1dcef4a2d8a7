import { chatError, MAX_ROW_CHARACTERS } from "lib/media/chat/chat_message.ts";

/** A line of a text. */
interface ChatLine {
  readonly text: string;
  /** Its number, from 1. */
  readonly line: number;
}

/**
 * Lines of a text that hold anything, whatever ends them, one after another.
 *
 * @throws {SyntaxError} for a line above {@link MAX_ROW_CHARACTERS}.
 */
export async function* readChatLines(
  bytes: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<ChatLine> {
  const decoder = new TextDecoder();
  let [rest, line] = ["", 0];
  const cut = function* (isEnd: boolean): Generator<ChatLine> {
    // A CR at the end of a block may be the half of a line end.
    const parts = rest.split(isEnd ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
    rest = isEnd ? "" : parts.pop()!;
    for (const text of parts) {
      line++;
      if (text.length > MAX_ROW_CHARACTERS) break;
      if (text.trim() !== "") yield { text, line };
    }
    if (rest.length > MAX_ROW_CHARACTERS || parts.some((text) => text.length > MAX_ROW_CHARACTERS)) {
      throw chatError(
        source,
        line,
        `a line of more than ${MAX_ROW_CHARACTERS} characters; the file is damaged`,
      );
    }
  };
  for await (const block of bytes) {
    rest += decoder.decode(block, { stream: true });
    yield* cut(false);
  }
  rest += decoder.decode();
  yield* cut(true);
}
