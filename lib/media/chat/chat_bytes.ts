import { type TextEncoding, textEncodingOf } from "lib/base/events/decode_text.ts";
import { chatError } from "lib/media/chat/chat_message.ts";

/** A chat file as UTF-8, with its beginning, by which its format is told. */
interface ChatBytes {
  /** Up to some ten thousand characters, without a byte order mark. */
  readonly head: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Lines of chats in JSON hold badges and emotes; the first one must fit. */
const HEAD_BYTES = 1 << 16;

/**
 * Unpacks what is packed with gzip, and turns UTF-16 into UTF-8, block by block.
 *
 * @throws {SyntaxError} while it is read, if packed bytes are damaged.
 */
export async function decodeChatBytes(bytes: AsyncIterable<Uint8Array>, source: string): Promise<ChatBytes> {
  let opened = await peekBytes(bytes, 64);
  if (opened.head[0] === 0x1f && opened.head[1] === 0x8b) {
    opened = await peekBytes(gunzip(opened.bytes, source), 64);
  }
  const encoding = textEncodingOf(opened.head);
  const utf8 = encoding === "utf-8" ? opened.bytes : toUtf8(opened.bytes, encoding);
  const start = await peekBytes(utf8, HEAD_BYTES);
  return { head: new TextDecoder().decode(start.head), bytes: start.bytes };
}

/** The first bytes of a stream, and all of it. */
export async function peekBytes(
  bytes: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ head: Uint8Array; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const blocks: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < length && !ended) {
    const { value, done } = await iterator.next();
    if (done) ended = true;
    else {
      blocks.push(value);
      size += value.length;
    }
  }
  const head = new Uint8Array(Math.min(size, length));
  let at = 0;
  for (const block of blocks) {
    head.set(block.subarray(0, head.length - at), at);
    at = Math.min(head.length, at + block.length);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* blocks;
      while (!ended) {
        const { value, done } = await iterator.next();
        if (done) ended = true;
        else yield value;
      }
    } finally {
      if (!ended) await iterator.return?.();
    }
  }
  return { head, bytes: all() };
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  const packed = ReadableStream.from(bytes as AsyncIterable<Uint8Array<ArrayBuffer>>);
  try {
    yield* packed.pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw chatError(
      source,
      1,
      "the packed file is damaged or ends too early; was its download broken off?",
      error,
    );
  }
}

async function* toUtf8(bytes: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const block of bytes) yield encoder.encode(decoder.decode(block, { stream: true }));
  yield encoder.encode(decoder.decode());
}
