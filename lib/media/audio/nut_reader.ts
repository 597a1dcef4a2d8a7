/** Sound of one stretch of time, as ffmpeg hands it over. */
interface PcmPacket {
  /** Time stamp in units of the stream's time base; above 2^53 rounded to what a number can hold. */
  readonly pts: number;
  /** Interleaved samples. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Takes a NUT stream apart as it comes. */
interface NutReader {
  /** Channels of the sound; 0 until the header was read. */
  readonly channels: number;
  /** Takes the next bytes and gives all packets that they complete. */
  push(chunk: Uint8Array): PcmPacket[];
}

const FILE_ID = "nut/multimedia container\0";
const START_CODE = 0x4e; // "N": no frame code has this value
const MAIN = 0x4d7a561f;
const STREAM = 0x5311405b;
const SYNCPOINT = 0x4be4adee;
const CODED_PTS = 8;
const STREAM_ID = 16;
const SIZE_MSB = 32;
const CHECKSUM = 64;
const RESERVED = 128;
const SIDE_DATA = 256;
const HEADER_INDEX = 1024;
const MATCH_TIME = 2048;
const CODED_FLAGS = 4096;

interface FrameCode {
  readonly flags: number;
  readonly ptsDelta: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly reserved: number;
}

/**
 * Reads one stream of sound in NUT, which ffmpeg writes in every version, with the time of each packet to the sample.
 * Checksums are not looked at: the bytes come out of a pipe.
 *
 * Source: NUT Open Container Format, https://ffmpeg.org/~michael/nut.txt
 */
export function createNutReader(): NutReader {
  let bytes = new Uint8Array(0);
  let at = 0;
  let begun = false;
  let codes: FrameCode[] = [];
  let ptsShift = 0;
  let lastPts = 0;
  let channels = 0;

  /** A number of 7 bits a byte, the highest first. */
  const readNumber = (): number => {
    for (let value = 0;;) {
      if (at >= bytes.length) throw TORN;
      const byte = bytes[at++]!;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  };
  const readSigned = (): number => {
    const value = readNumber() + 1;
    return value % 2 === 1 ? -(value - 1) / 2 : value / 2;
  };
  const skip = (count: number): void => {
    if (at + count > bytes.length) throw TORN;
    at += count;
  };

  const readMainHeader = (): void => {
    if (readNumber() > 3) readNumber(); // version, minor version
    for (let i = 0; i < 2; i++) readNumber(); // streams, longest distance of sync points
    for (let bases = readNumber(); bases > 0; bases--) for (let i = 0; i < 2; i++) readNumber();
    codes = [];
    let ptsDelta = 0;
    let sizeMul = 1;
    while (codes.length < 256) {
      const flags = readNumber();
      const fields = readNumber();
      if (fields > 0) ptsDelta = readSigned();
      if (fields > 1) sizeMul = readNumber();
      if (fields > 2) readNumber();
      const size = fields > 3 ? readNumber() : 0;
      const reserved = fields > 4 ? readNumber() : 0;
      const count = fields > 5 ? readNumber() : sizeMul - size;
      for (let i = 6; i < fields; i++) readNumber();
      for (let i = 0; i < count && codes.length < 256; i++) {
        if (codes.length === START_CODE) codes.push({ flags, ptsDelta, sizeMul, sizeLsb: 0, reserved });
        codes.push({ flags, ptsDelta, sizeMul, sizeLsb: size + i, reserved });
      }
    }
  };
  const readStreamHeader = (): void => {
    for (let i = 0; i < 2; i++) readNumber(); // stream, class
    skip(readNumber()); // four characters of the codec
    readNumber(); // time base
    ptsShift = readNumber();
    for (let i = 0; i < 3; i++) readNumber(); // longest distance of time stamps, delay, flags
    skip(readNumber()); // codec's own data
    for (let i = 0; i < 2; i++) readNumber(); // sample rate
    channels = readNumber();
  };
  const readHeader = (): void => {
    if (at + 8 > bytes.length) throw TORN;
    const kind = new DataView(bytes.buffer, bytes.byteOffset + at + 1).getUint32(0);
    at += 8;
    const length = readNumber();
    if (length > 4096) skip(4);
    const end = at + length;
    if (end > bytes.length) throw TORN;
    if (kind === MAIN) readMainHeader();
    else if (kind === STREAM) readStreamHeader();
    else if (kind === SYNCPOINT) lastPts = readNumber(); // of the only time base
    at = end;
  };
  const readFrame = (): PcmPacket => {
    const code = codes[bytes[at++]!];
    if (!code) throw new TypeError("Cannot read ffmpeg's output: a packet comes before the header");
    let { flags, reserved } = code;
    if (flags & CODED_FLAGS) flags ^= readNumber();
    if (flags & STREAM_ID) readNumber();
    let pts = lastPts + code.ptsDelta;
    if (flags & CODED_PTS) {
      const coded = readNumber();
      const span = 2 ** ptsShift;
      // The lower bits of a time near the last one, or all of it.
      const from = lastPts - Math.floor((span - 1) / 2);
      pts = coded >= span ? coded - span : from + (((coded - from) % span) + span) % span;
    }
    const sizeMsb = flags & SIZE_MSB ? readNumber() : 0;
    if (flags & MATCH_TIME) readNumber();
    if (flags & HEADER_INDEX) readNumber();
    if (flags & RESERVED) reserved = readNumber();
    for (; reserved > 0; reserved--) readNumber();
    if (flags & CHECKSUM) skip(4);
    if (flags & SIDE_DATA) throw new TypeError("Cannot read ffmpeg's output: it has side data");
    const start = at;
    skip(sizeMsb * code.sizeMul + code.sizeLsb);
    lastPts = pts;
    return { pts, bytes: bytes.subarray(start, at) };
  };

  return {
    get channels() {
      return channels;
    },
    push(chunk) {
      const rest = bytes.length - at;
      const joined = new Uint8Array(rest + chunk.length);
      joined.set(bytes.subarray(at));
      joined.set(chunk, rest);
      bytes = joined;
      at = 0;
      const packets: PcmPacket[] = [];
      while (at < bytes.length) {
        const before = at;
        try {
          if (!begun) {
            skip(FILE_ID.length);
            begun = true;
          } else if (bytes[at] === START_CODE) readHeader();
          else packets.push(readFrame());
        } catch (error) {
          if (error !== TORN) throw error;
          at = before;
          break;
        }
      }
      return packets;
    },
  };
}

/** Thrown where bytes end within a packet, whose rest comes later. */
const TORN = new RangeError("The packet is not complete yet");
