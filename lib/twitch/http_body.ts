/** Thrown for an answer that came but is damaged, so that another try may help. */
export class TwitchDataError extends Error {
  override readonly name = "TwitchDataError";
}

/**
 * Reads the whole body of an answer.
 *
 * @param options `onChunk` is called at the start and for each piece that arrives.
 * @throws {RangeError} above `maxBytes`; {@link TwitchDataError} if there are fewer or more bytes than announced.
 */
export async function readBody(
  response: Response,
  options: { readonly maxBytes: number; readonly onChunk: () => void },
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, onChunk } = options;
  // Of a compressed body the header gives another length than the one that we see.
  const header = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const announced = header === null ? undefined : Number(header);
  if (announced !== undefined && announced > maxBytes) {
    await response.body?.cancel();
    throw new RangeError(`an answer of ${announced} bytes, more than the ${maxBytes} allowed`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  onChunk();
  for await (const chunk of response.body ?? []) {
    onChunk();
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw new RangeError(`an answer of more than the ${maxBytes} bytes allowed`);
  }
  if (announced !== undefined && announced !== length) {
    throw new TwitchDataError(`${length} bytes came of the ${announced} announced`);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
