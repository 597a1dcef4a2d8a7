import type { ByteRange, Sendable } from "lib/web/pages/byte_range.ts";

/** A file as something to send in parts; its tag changes when the file does. */
export async function sendableFile(path: string, type: string): Promise<Sendable> {
  const { size, mtime, ino } = await Deno.stat(path);
  const etag = `"${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}-${(ino ?? 0).toString(36)}"`;
  return { size, type, etag, read: (range) => readFilePart(path, range) };
}

const CHUNK_BYTES = 65_536;

/** The bytes of a part as a stream, so that memory does not grow with it. */
async function readFilePart(
  path: string,
  { start, end }: ByteRange,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path, { read: true });
  await file.seek(start, Deno.SeekMode.Start);
  let left = end - start;
  return new ReadableStream({
    async pull(controller) {
      try {
        const buffer = new Uint8Array(Math.min(CHUNK_BYTES, left));
        const count = left > 0 ? await file.read(buffer) : null;
        if (count === null) {
          file.close();
          return controller.close();
        }
        left -= count;
        controller.enqueue(buffer.subarray(0, count));
      } catch (error) {
        file.close();
        controller.error(error);
      }
    },
    cancel: () => file.close(),
  }, { highWaterMark: 1 });
}
