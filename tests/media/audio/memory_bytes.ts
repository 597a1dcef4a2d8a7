import { bufferBytes, type ByteSource } from "lib/media/audio/byte_source.ts";

/** Bytes in memory that behave as those of a file do. */
export function memoryBytes(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  let position = 0;
  return bufferBytes({
    size: bytes.length,
    read: (buffer) => {
      const part = bytes.subarray(position, position + buffer.length);
      buffer.set(part);
      position += part.length;
      return Promise.resolve(part.length === 0 ? null : part.length);
    },
    seek: (target) => {
      position = Math.min(target, bytes.length);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}
