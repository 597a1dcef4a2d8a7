import { type Mp3Frame, readMp3Frame } from "lib/media/mp3/mp3_frame.ts";
import { type InfoFrame, readInfoFrame } from "lib/media/mp3/info_frame.ts";

/** An MP3 file taken apart; `bytes` are those of the file. */
export interface Mp3Stream {
  readonly bytes: Uint8Array;
  /** Bytes before the first frame, which are tags. */
  readonly headBytes: number;
  /** What the Xing or Info frame says, where there is one; it is none of `frames`. */
  readonly info: InfoFrame | undefined;
  /** Frames of sound. */
  readonly frames: readonly Mp3Frame[];
  /** Where the last frame ends, in bytes; tags may follow. */
  readonly end: number;
  /** Samples at the beginning that players skip: the delay of encoder and decoder, where the file tells it. */
  readonly skippedSamples: number;
}

/** Samples by which every decoder is late. */
export const DECODER_DELAY = 529;

/**
 * Takes an MP3 file apart. Damaged bytes between frames are passed over: a frame counts where another of the same kind follows
 * it, or the end does.
 *
 * @throws {SyntaxError} If there is no frame in it.
 */
export function readMp3Stream(bytes: Uint8Array): Mp3Stream {
  const frames: Mp3Frame[] = [];
  let at = tagBytes(bytes);
  let kind: Mp3Frame | undefined;
  while (at < bytes.length - 6) {
    const frame = readMp3Frame(bytes, at);
    if (!frame || kind && !isSameKind(kind, frame) || !isFollowed(bytes, frame)) {
      at++;
      continue;
    }
    kind ??= frame;
    frames.push(frame);
    at += frame.length;
  }
  const first = frames[0];
  if (!first) throw new SyntaxError("there is no MP3 frame in it");
  const info = readInfoFrame(bytes, first);
  const last = frames.at(-1)!;
  return {
    bytes,
    headBytes: first.at,
    info,
    frames: info ? frames.slice(1) : frames,
    end: last.at + last.length,
    skippedSamples: info?.delays ? info.delays.start + DECODER_DELAY : 0,
  };
}

/** Samples that players give, without those that they skip at both ends. */
export function playedSamples({ frames, info }: Pick<Mp3Stream, "frames" | "info">): number {
  const all = frames.length * (frames[0]?.samples ?? 0);
  return info?.delays ? all - info.delays.start - info.delays.end : all;
}

function isFollowed(bytes: Uint8Array, frame: Mp3Frame): boolean {
  const next = readMp3Frame(bytes, frame.at + frame.length);
  if (next) return isSameKind(frame, next);
  // At the end there is nothing, a tag, or a frame that is cut short.
  const rest = bytes.length - frame.at - frame.length;
  const letters = String.fromCharCode(
    ...bytes.subarray(frame.at + frame.length, frame.at + frame.length + 3),
  );
  return rest < 4 || letters === "TAG" || letters === "APE" || letters === "LYR" ||
    rest < 1500 && bytes[frame.at + frame.length] === 0xff;
}

function isSameKind(a: Mp3Frame, b: Mp3Frame): boolean {
  return a.sampleRate === b.sampleRate && a.channels === b.channels;
}

/** Bytes of ID3v2 tags at the beginning. */
function tagBytes(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === 0x49 && bytes[at + 1] === 0x44 && bytes[at + 2] === 0x33) {
    const size = [6, 7, 8, 9].reduce((sum, i) => sum << 7 | (bytes[at + i] ?? 0) & 0x7f, 0);
    at += 10 + size + ((bytes[at + 5] ?? 0) & 0x10 ? 10 : 0);
  }
  return at;
}
