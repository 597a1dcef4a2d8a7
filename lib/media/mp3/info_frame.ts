import { bitrateFor, emptyFrame, type Mp3Frame } from "lib/media/mp3/mp3_frame.ts";

/** The frame at the beginning that tells of all the others (Xing's and LAME's "MP3 info tag", revision 1). */
export interface InfoFrame {
  readonly frame: Mp3Frame;
  /** Samples of silence that the encoder put before and behind the sound; only LAME and its kin tell. */
  readonly delays?: { readonly start: number; readonly end: number };
}

/** Bytes of `Xing`, flags, frames, bytes, table of contents and quality, and of what LAME adds. */
const XING_BYTES = 4 + 4 + 4 + 4 + 100 + 4;
const LAME_BYTES = 36;
const DELAYS_AT = 21;

/** Reads the frame as an info frame, if it is one. */
export function readInfoFrame(bytes: Uint8Array, frame: Mp3Frame): InfoFrame | undefined {
  const at = frame.at + frame.headLength;
  const name = text(bytes, at, 4);
  if (name !== "Xing" && name !== "Info") {
    return text(bytes, frame.at + 36, 4) === "VBRI" ? { frame } : undefined;
  }
  const flags = bytes[at + 7]!;
  const lame = at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) +
    (flags & 8 ? 4 : 0);
  if (!/^(LAME|Lavf|Lavc)/.test(text(bytes, lame, 4))) return { frame };
  const [a, b, c] = bytes.subarray(lame + DELAYS_AT, lame + DELAYS_AT + 3);
  return { frame, delays: { start: a! << 4 | b! >> 4, end: (b! & 15) << 8 | c! } };
}

/**
 * Writes the info frame of a stream of frames anew.
 *
 * @param like A frame of the stream, and the bytes that it is in.
 * @param options.body All frames of sound, one after the other, and the byte at which each begins.
 * @param options.delays As in {@linkcode InfoFrame}; without them nothing is said of them.
 */
export function writeInfoFrame(
  like: { readonly bytes: Uint8Array; readonly frame: Mp3Frame },
  { body, starts, delays }: {
    readonly body: Uint8Array;
    readonly starts: readonly number[];
    readonly delays: InfoFrame["delays"];
  },
): Uint8Array<ArrayBuffer> {
  const { frame } = like;
  const silent = emptyFrame(like.bytes, frame, {
    bitrate: bitrateFor(frame, frame.headLength + XING_BYTES + LAME_BYTES),
    mainDataBegin: 0,
  });
  const at = frame.headLength - (silent[1]! & 1 && !(like.bytes[frame.at + 1]! & 1) ? 2 : 0);
  silent.fill(0, 4);
  const view = new DataView(silent.buffer);
  const bytes = silent.length + body.length;
  put(silent, at, "Xing");
  view.setUint32(at + 4, 0xf);
  view.setUint32(at + 8, starts.length);
  view.setUint32(at + 12, bytes);
  for (let percent = 0; percent < 100; percent++) {
    const start = silent.length + starts[Math.floor(percent / 100 * starts.length)]!;
    silent[at + 16 + percent] = Math.min(255, Math.floor(256 * start / bytes));
  }
  if (delays) {
    const lame = at + XING_BYTES;
    put(silent, lame, "LAME3.100");
    view.setUint16(lame + DELAYS_AT, delays.start << 4 | delays.end >> 8);
    silent[lame + DELAYS_AT + 2] = delays.end & 0xff;
    view.setUint32(lame + 28, bytes);
    view.setUint16(lame + 32, checksum(body));
    view.setUint16(lame + 34, checksum(silent.subarray(0, lame + 34)));
  }
  return silent;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
  return crc;
});

/** CRC-16 with the polynomial 0x8005, lowest bit first, from 0 on, as LAME takes it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) crc = crc >> 8 ^ CRC_TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function put(bytes: Uint8Array, at: number, letters: string): void {
  for (let i = 0; i < letters.length; i++) bytes[at + i] = letters.charCodeAt(i);
}
