import { createHash } from "node:crypto";

/** File systems take names of 255 bytes; what is put around a name (times, labels, endings of temporary files) needs the rest. */
const MOST_BYTES = 140;
const HASH_CHARACTERS = 8;

/**
 * A name that others can be derived from: one that is too long for that is cut off, and a hash of all of it says which it
 * was. The same name always gives the same.
 *
 * @param mostBytes Length in UTF-8.
 */
export function fitName(name: string, mostBytes: number = MOST_BYTES): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= mostBytes) return name;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_CHARACTERS);
  // As a stream, so that a character that was cut through is left out.
  const start = new TextDecoder().decode(bytes.subarray(0, mostBytes - HASH_CHARACTERS - 1), {
    stream: true,
  });
  return `${start}-${hash}`;
}
