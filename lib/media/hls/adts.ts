/** Sampling rates by index, in Hz (ISO/IEC 14496-3, table 1.18). */
const RATES = [
  96_000,
  88_200,
  64_000,
  48_000,
  44_100,
  32_000,
  24_000,
  22_050,
  16_000,
  12_000,
  11_025,
  8_000,
  7_350,
];
const FRAME_SAMPLES = 1024;
const HEADER = 7;

/** What is in a stream of AAC frames. */
interface AdtsFacts {
  /** Length of the sound in whole frames, in seconds. */
  readonly seconds: number;
  /** Whether the last frame ends where the bytes do. */
  readonly endsWhole: boolean;
}

/** Walks through AAC in ADTS frames, alone or behind an ID3 tag; nothing where it is none. */
export function inspectAdts(bytes: Uint8Array): AdtsFacts | undefined {
  let at = skipTag(bytes);
  if (!isFrame(bytes, at)) return undefined;
  let seconds = 0;
  while (isFrame(bytes, at)) {
    const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
    const rate = RATES[(bytes[at + 2]! >> 2) & 15];
    if (rate === undefined || length < HEADER || at + length > bytes.length) break;
    seconds += FRAME_SAMPLES * ((bytes[at + 6]! & 3) + 1) / rate;
    at += length;
  }
  return { seconds, endsWhole: at === bytes.length };
}

function isFrame(bytes: Uint8Array, at: number): boolean {
  return at + HEADER <= bytes.length && bytes[at] === 0xff && (bytes[at + 1]! & 0xf6) === 0xf0;
}

/** Behind a tag of ID3v2, whose length is in four times seven bits. */
function skipTag(bytes: Uint8Array): number {
  if (bytes.length < 10 || bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33) return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0);
}
