/** Thrown for an answer that came but is damaged, so that another try may help. */
export class DamagedAnswerError extends Error {
  override readonly name = "DamagedAnswerError";
}

/**
 * Reads the whole body of an answer.
 *
 * @param options `onChunk` is called at the start and for each piece that arrives.
 * @throws {RangeError} above `maxBytes`; {@link DamagedAnswerError} if there are fewer or more bytes than announced; the
 * reason of `signal`.
 */
export async function readBody(
  response: Response,
  options: { readonly maxBytes: number; readonly onChunk: () => void; readonly signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, onChunk, signal } = options;
  // Of a compressed body the header gives another length than the one that we see.
  const header = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const announced = header === null ? undefined : Number(header);
  if (announced !== undefined && announced > maxBytes) {
    await response.body?.cancel();
    throw new RangeError(`an answer of ${announced} bytes, more than the ${maxBytes} allowed`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  // The signal of a fetch does not always end its body: Deno 2.9.6 forgets it once the Response has been collected as
  // garbage, and a read that waits then waits for ever.
  const onAbort = () => void reader?.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    onChunk();
    while (reader) {
      const { value: chunk, done } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      onChunk();
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw new RangeError(`an answer of more than the ${maxBytes} bytes allowed`);
    }
  } catch (error) {
    void reader?.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  if (announced !== undefined && announced !== length) {
    throw new DamagedAnswerError(`${length} bytes came of the ${announced} announced`);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
