/** Bytes that are read at a time. */
const PIECE = 65_536;
/** A part of a transport stream with a clock of its own is seldom shorter than this, in bytes. */
const SHORTEST_STEP = 2 ** 18;
const MOST_STEPS = 1024;
/** Longest look for a clock, in pieces. */
const LONGEST_LOOK = 16;
/** Clock of MPEG: 33 bits at 90 kHz. */
const [CLOCK_VALUES, CLOCK_RATE] = [2 ** 33, 90_000];
/** Clocks may jump so far onwards, in seconds; jumping back looks like a jump of hours onwards. */
const LONGEST_JUMP = 36_000;
const SYNC = 0x47;
const EBML = 0x1a45dfa3;
const MATROSKA_SEGMENT = 0x18538067;
const MPEG_PACK = 0x000001ba;

const restartedFiles = new Set<string>();

/** Keeps in mind that the time stamps of a file begin anew somewhere, as was seen while it was read. */
export function rememberRestart(path: string): void {
  restartedFiles.add(path);
}

/**
 * Whether a place in a recording can be found by its time. Where time stamps begin anew, as in parts joined one behind
 * the other, several places have the same: such recordings are to be read from their beginning.
 *
 * MPEG-TS is looked at in up to a thousand places, Matroska and Ogg are asked whether something lies behind their end;
 * FLV and MPEG programme streams have nothing to look at and cannot be jumped in.
 */
export async function canJump(path: string): Promise<boolean> {
  if (restartedFiles.has(path)) return false;
  using file = await Deno.open(path);
  const { size, isFile } = await file.stat();
  if (!isFile) return false;
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    await file.seek(position, Deno.SeekMode.Start);
    let filled = 0;
    for (let n: number | null = 0; filled < length && n !== null; filled += n ?? 0) {
      n = await file.read(bytes.subarray(filled));
    }
    return bytes.subarray(0, filled);
  };
  const head = await read(0, 4096);
  if (head.length < 400) return false;
  const word = new DataView(head.buffer).getUint32(0);
  const name = String.fromCharCode(...head.subarray(0, 4));
  if (name.startsWith("FLV") || word === MPEG_PACK) return false;
  if (name === "OggS") return isOneOgg(head, await read(Math.max(0, size - PIECE), PIECE));
  if (word === EBML) return matroskaEnd(head) === size;
  for (const [packet, first] of [[188, 0], [192, 4]] as const) {
    if ([0, 1, 2].every((i) => head[first + i * packet] === SYNC)) {
      return await isSteady(read, size, packet);
    }
  }
  return true;
}

/** Whether the clock of a transport stream goes onwards only. */
async function isSteady(
  read: (position: number, length: number) => Promise<Uint8Array>,
  size: number,
  packet: number,
): Promise<boolean> {
  const step = Math.max(SHORTEST_STEP, Math.ceil(size / MOST_STEPS));
  let before: { readonly clock: number; readonly pid: number } | undefined;
  const places = Array.from({ length: Math.floor(size / step) }, (_, i) => i * step);
  for (const place of [...places, Math.max(0, size - step)]) {
    let found: typeof before;
    for (let i = 0; i < LONGEST_LOOK && !found && place + i * PIECE < size; i++) {
      found = findClock(await read(place + i * PIECE, PIECE), packet, before?.pid);
    }
    if (!found) continue;
    if (before) {
      const onwards = (found.clock - before.clock + CLOCK_VALUES) % CLOCK_VALUES;
      if (onwards > LONGEST_JUMP * CLOCK_RATE) return false;
    }
    before = found;
  }
  return before !== undefined;
}

/** The first clock reference (ISO/IEC 13818-1, 2.4.3.5) of a programme in a piece of a transport stream. */
function findClock(bytes: Uint8Array, packet: number, wanted: number | undefined) {
  let at = 0;
  while (at + packet < bytes.length && !(bytes[at] === SYNC && bytes[at + packet] === SYNC)) at++;
  for (; at + 12 <= bytes.length && bytes[at] === SYNC; at += packet) {
    const hasField = (bytes[at + 3]! & 0x20) !== 0 && bytes[at + 4]! >= 7 && (bytes[at + 5]! & 0x10) !== 0;
    const pid = (bytes[at + 1]! & 0x1f) * 256 + bytes[at + 2]!;
    if (!hasField || (wanted !== undefined && pid !== wanted)) continue;
    const clock = new DataView(bytes.buffer, bytes.byteOffset + at + 6).getUint32(0) * 2 +
      (bytes[at + 10]! >> 7);
    return { clock, pid };
  }
}

/** Where a Matroska file ends by its own account; nothing where it does not say. */
function matroskaEnd(head: Uint8Array): number | undefined {
  const readSize = (at: number): { size: number | undefined; next: number } => {
    const length = Math.clz32(head[at]!) - 23;
    let size = head[at]! & (0xff >> length);
    let unknown = size === 0xff >> length;
    for (let i = 1; i < length; i++) {
      size = size * 256 + head[at + i]!;
      unknown &&= head[at + i] === 0xff;
    }
    return { size: unknown ? undefined : size, next: at + length };
  };
  const header = readSize(4);
  const segment = header.next + (header.size ?? 0);
  if (segment + 12 > head.length) return undefined;
  if (new DataView(head.buffer, head.byteOffset + segment).getUint32(0) !== MATROSKA_SEGMENT) {
    return undefined;
  }
  const { size, next } = readSize(segment + 4);
  return size === undefined ? undefined : next + size;
}

/** Whether the last page belongs to a stream that begins with the file. */
function isOneOgg(head: Uint8Array, tail: Uint8Array): boolean {
  const serials = (bytes: Uint8Array) => {
    const text = new TextDecoder("latin1").decode(bytes);
    return [...text.matchAll(/OggS/g)].map(({ index }) => text.slice(index + 14, index + 18));
  };
  const last = serials(tail).at(-1);
  return last !== undefined && serials(head).includes(last);
}
