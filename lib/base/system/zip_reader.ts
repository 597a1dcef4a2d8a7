import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

/** A file inside a ZIP archive. */
interface ZipEntry {
  readonly name: string;
  /** Bytes of the file itself. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  /** Where its local header begins in the archive. */
  readonly position: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * Lists a ZIP archive (APPNOTE.TXT of PKWARE), such as a Python wheel, without reading the files in it.
 *
 * @throws {SyntaxError} when the file is no ZIP archive, is cut short, or needs the 64-bit fields.
 */
export async function listZip(path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (position: number, length: number): Promise<DataView> => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, position);
      if (bytesRead !== length) throw new SyntaxError(`Cannot read ${path}: it is cut short`);
      return new DataView(bytes.buffer);
    };
    const tail = await read(
      Math.max(0, size - END_LENGTH - LONGEST_COMMENT),
      Math.min(size, END_LENGTH + LONGEST_COMMENT),
    );
    let end = tail.byteLength - END_LENGTH;
    while (end >= 0 && tail.getUint32(end, true) !== END_SIGNATURE) end--;
    if (end < 0) throw new SyntaxError(`Cannot read ${path}: it is not a ZIP archive, or cut short`);
    const count = tail.getUint16(end + 10, true);
    const length = tail.getUint32(end + 12, true);
    const position = tail.getUint32(end + 16, true);
    if (count === 0xffff || position === 0xffffffff) {
      throw new SyntaxError(`Cannot read ${path}: archives with 64-bit fields are not supported`);
    }
    return readEntries(await read(position, length), count, path);
  } finally {
    await file.close();
  }
}

function readEntries(directory: DataView, count: number, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new SyntaxError(`Cannot read ${path}: its list of files is broken`);
    }
    const nameLength = directory.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, nameLength)),
      method: directory.getUint16(at + 10, true),
      compressedSize: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      position: directory.getUint32(at + 42, true),
    });
    at += 46 + nameLength + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * Writes one file of a ZIP archive to `target`, whose folders are made. Memory does not grow with its size.
 *
 * @throws {SyntaxError} when the entry is broken or compressed in an unknown way.
 */
export async function extractZipEntry(path: string, entry: ZipEntry, target: string): Promise<void> {
  const bytes = new Uint8Array(30);
  const file = await open(path);
  try {
    await file.read(bytes, 0, 30, entry.position);
  } finally {
    await file.close();
  }
  const header = new DataView(bytes.buffer);
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE || ![STORED, DEFLATED].includes(entry.method)) {
    throw new SyntaxError(
      `Cannot unpack ${entry.name} of ${path}: its header is broken or its compression unknown`,
    );
  }
  await mkdir(dirname(target), { recursive: true });
  const start = entry.position + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const output = createWriteStream(target);
  if (entry.compressedSize > 0) {
    const input = createReadStream(path, {
      start,
      end: start + entry.compressedSize - 1,
      highWaterMark: 1 << 20,
    });
    if (entry.method === DEFLATED) await pipeline(input, createInflateRaw({ chunkSize: 1 << 20 }), output);
    else await pipeline(input, output);
  } else {
    await new Promise((resolve) => output.end(resolve));
  }
  if (output.bytesWritten !== entry.size) {
    throw new SyntaxError(
      `Cannot unpack ${entry.name} of ${path}: got ${output.bytesWritten} bytes, not ${entry.size}`,
    );
  }
}
