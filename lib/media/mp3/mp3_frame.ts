/** One frame of MPEG audio layer III, as it stands in a file. */
export interface Mp3Frame {
  /** Where its header begins, in bytes. */
  readonly at: number;
  /** Bytes of the whole frame: header, side information and main data. */
  readonly length: number;
  /** Bytes before the main data: header, checksum, side information. */
  readonly headLength: number;
  /** Samples of each channel: 1,152, or 576 for MPEG-2. */
  readonly samples: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** In kbit/s. */
  readonly bitrate: number;
  /** Whether it is MPEG-1, not MPEG-2 or 2.5. */
  readonly isMpeg1: boolean;
  /** How many bytes before its own the main data begins, in what earlier frames hold (the bit reservoir). */
  readonly mainDataBegin: number;
}

const MPEG1_KBPS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_KBPS = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_HZ = [44_100, 48_000, 32_000];

/**
 * Reads the frame whose header begins at a byte (ISO 11172-3, 2.4.1; ISO 13818-3 for lower rates), or nothing where none does
 * or it does not end within the bytes.
 */
export function readMp3Frame(bytes: Uint8Array, at: number): Mp3Frame | undefined {
  if (at + 6 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe6) !== 0xe2) return undefined;
  const version = bytes[at + 1]! >> 3 & 3;
  const bitrateIndex = bytes[at + 2]! >> 4;
  const rateHz = MPEG1_HZ[bytes[at + 2]! >> 2 & 3];
  if (version === 1 || bitrateIndex === 0 || bitrateIndex === 15 || rateHz === undefined) return undefined;
  const isMpeg1 = version === 3;
  const sampleRate = isMpeg1 ? rateHz : version === 2 ? rateHz / 2 : rateHz / 4;
  const samples = isMpeg1 ? 1152 : 576;
  const bitrate = (isMpeg1 ? MPEG1_KBPS : MPEG2_KBPS)[bitrateIndex - 1]!;
  const length = frameBytes({ samples, sampleRate }, bitrate) + (bytes[at + 2]! >> 1 & 1);
  if (at + length > bytes.length) return undefined;
  const channels = bytes[at + 3]! >> 6 === 3 ? 1 : 2;
  const sideAt = at + ((bytes[at + 1]! & 1) === 1 ? 4 : 6);
  const headLength = sideAt - at + sideBytes(isMpeg1, channels);
  const mainDataBegin = isMpeg1 ? bytes[sideAt]! << 1 | bytes[sideAt + 1]! >> 7 : bytes[sideAt]!;
  return { at, length, headLength, samples, sampleRate, channels, bitrate, isMpeg1, mainDataBegin };
}

/** Bytes of main data that a frame needs, out of its own and those of earlier frames. */
export function mainDataBytes(bytes: Uint8Array, frame: Mp3Frame): number {
  const { isMpeg1, channels } = frame;
  const sideAt = frame.at + frame.headLength - sideBytes(isMpeg1, channels);
  const first = isMpeg1 ? (channels === 1 ? 18 : 20) : (channels === 1 ? 9 : 10);
  const [parts, partBits] = isMpeg1 ? [2 * channels, 59] : [channels, 63];
  let bits = 0;
  for (let part = 0; part < parts; part++) {
    const bit = first + part * partBits;
    for (let n = 0; n < 12; n++) {
      bits += (bytes[sideAt + (bit + n >> 3)]! >> 7 - (bit + n) % 8 & 1) << 11 - n;
    }
  }
  return Math.ceil(bits / 8);
}

/**
 * A frame without main data, made of the head of another: at a bitrate, and with its main data elsewhere.
 *
 * @param options.bitrate One that {@linkcode largestBitrate} or another frame of the same rate has, in kbit/s.
 */
export function emptyFrame(
  bytes: Uint8Array,
  frame: Mp3Frame,
  { bitrate, mainDataBegin }: { readonly bitrate: number; readonly mainDataBegin: number },
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(frameBytes(frame, bitrate));
  const sideLength = sideBytes(frame.isMpeg1, frame.channels);
  result.set(bytes.subarray(frame.at, frame.at + 4));
  result.set(bytes.subarray(frame.at + frame.headLength - sideLength, frame.at + frame.headLength), 4);
  const index = (frame.isMpeg1 ? MPEG1_KBPS : MPEG2_KBPS).indexOf(bitrate) + 1;
  result[1]! |= 1;
  result[2] = index << 4 | result[2]! & 0x0d;
  result[4] = frame.isMpeg1 ? mainDataBegin >> 1 : mainDataBegin;
  if (frame.isMpeg1) result[5] = (mainDataBegin & 1) << 7 | result[5]! & 0x7f;
  return result;
}

/** The highest bitrate that a header can name, in kbit/s. */
export function largestBitrate({ isMpeg1 }: Pick<Mp3Frame, "isMpeg1">): number {
  return (isMpeg1 ? MPEG1_KBPS : MPEG2_KBPS).at(-1)!;
}

/** The lowest bitrate whose frames have so many bytes, or the highest that there is, in kbit/s. */
export function bitrateFor(
  frame: Pick<Mp3Frame, "isMpeg1" | "samples" | "sampleRate">,
  bytes: number,
): number {
  return (frame.isMpeg1 ? MPEG1_KBPS : MPEG2_KBPS).find((kbps) => frameBytes(frame, kbps) >= bytes) ??
    largestBitrate(frame);
}

/** How far back the main data of a frame can begin, in bytes. */
export function farthestBegin({ isMpeg1 }: Pick<Mp3Frame, "isMpeg1">): number {
  return isMpeg1 ? 511 : 255;
}

function frameBytes({ samples, sampleRate }: Pick<Mp3Frame, "samples" | "sampleRate">, bitrate: number) {
  return Math.floor(samples / 8 * bitrate * 1000 / sampleRate);
}

function sideBytes(isMpeg1: boolean, channels: 1 | 2): number {
  return isMpeg1 ? (channels === 1 ? 17 : 32) : (channels === 1 ? 9 : 17);
}
