import { chatError, MAX_ROW_CHARACTERS } from "lib/media/chat/chat_message.ts";

/** The text of one value found by {@link readJsonElements}. */
interface JsonElement {
  /** Key of the top-level member that it is, or is an element of. */
  readonly key: string;
  readonly text: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
}

const WHITESPACE = new Set([" ", "\n", "\r", "\t", "\uFEFF"]);

/**
 * Walks through a JSON object of any size and hands out single objects: the value of each top-level member named in
 * `objects`, and each element of the top-level arrays named in `arrays`. Everything else (embedded emotes make chat
 * exports of hundreds of megabytes) passes by unread, so memory stays at one element. A text that is an array is taken for
 * the first of the arrays.
 *
 * @throws {SyntaxError} with the line, if the text is neither, ends early, or an element is no object or too large.
 */
export async function* readJsonElements(
  bytes: AsyncIterable<Uint8Array>,
  wanted: {
    readonly objects: readonly string[];
    readonly arrays: readonly string[];
    /** Told of each top-level member. */
    readonly onKey?: (key: string) => void;
  },
  source: string,
): AsyncGenerator<JsonElement> {
  const decoder = new TextDecoder();
  let line = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let started = false;
  let isList = false;
  let ended = false;
  let key = ""; // of the top-level member that we are in
  let keyPending = false; // the next string at depth 1 is a key
  let string = "";
  let capture: { parts: string[]; length: number; depth: number; line: number } | undefined;

  const elementDepth = () =>
    isList ? 1 : wanted.objects.includes(key) ? 1 : wanted.arrays.includes(key) ? 2 : -1;

  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    let captureFrom = 0; // where the part of this chunk that belongs to the captured element begins
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (char === "\n") line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (char === "\\") escaped = true;
        else if (char === '"') inString = false;
        if (keyPending && inString && string.length < 100) string += char;
        if (keyPending && !inString) {
          key = string;
          keyPending = false;
          wanted.onKey?.(key);
        }
        continue;
      }
      if (WHITESPACE.has(char)) continue;
      if (ended) throw chatError(source, line, "text after the end of the JSON object");
      if (!started) {
        if (char !== "{" && char !== "[") throw chatError(source, line, "the file is no JSON object");
        started = true;
        isList = char === "[";
        if (isList) key = wanted.arrays[0] ?? "";
      } else if (isList && depth === 1 && !capture && !"{],".includes(char)) {
        throw chatError(source, line, "the list holds something else than messages");
      }
      if (char === '"') {
        inString = true;
        string = "";
      } else if (char === "{" || char === "[") {
        if (char === "{" && !capture && depth > 0 && depth === elementDepth()) {
          capture = { parts: [], length: 0, depth, line };
          captureFrom = i;
        }
        depth++;
        if (depth === 1) keyPending = !isList;
      } else if (char === "}" || char === "]") {
        depth--;
        if (capture && depth === capture.depth) {
          capture.parts.push(text.slice(captureFrom, i + 1));
          const found = { key, text: capture.parts.join(""), line: capture.line };
          capture = undefined;
          if (found.text.length > MAX_ROW_CHARACTERS) throw tooLarge(source, found.line);
          yield found;
        }
        if (depth === 0) ended = true;
      } else if (char === "," && depth === 1 && !isList) {
        keyPending = true;
        key = "";
      }
    }
    if (capture) {
      capture.parts.push(text.slice(captureFrom));
      capture.length += text.length - captureFrom;
      if (capture.length > MAX_ROW_CHARACTERS) throw tooLarge(source, capture.line);
    }
  }
  if (!started) throw chatError(source, 1, "the file is empty");
  if (!ended) throw chatError(source, line, "the file ends in the middle; was its download broken off?");
}

function tooLarge(source: string, line: number): SyntaxError {
  return chatError(
    source,
    line,
    `an object of more than ${MAX_ROW_CHARACTERS} characters; the file is damaged`,
  );
}
