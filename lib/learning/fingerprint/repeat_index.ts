import { type Fingerprint, FINGERPRINT_FEATURES } from "lib/learning/fingerprint/fingerprint.ts";

/** A stretch that stands in two recordings, in seconds of each. */
export interface Repeat {
  readonly onset: number;
  readonly offset: number;
  /** The other recording, and where the stretch begins there. */
  readonly other: string;
  readonly otherOnset: number;
}

/** Remembers fingerprints, and finds stretches that stand in a new one and in one of them. */
export interface RepeatIndex {
  /** Finds stretches of a recording that stand in others that were added. */
  find(fingerprint: Fingerprint): Repeat[];
  /** Remembers a recording. */
  add(name: string, fingerprint: Fingerprint): void;
}

const FRAMES_PER_SECOND = FINGERPRINT_FEATURES.sampleRate / FINGERPRINT_FEATURES.hopLength;
/** Hashes of a stretch that are alike follow each other within so many frames. */
const LARGEST_GAP = 2 * FRAMES_PER_SECOND;
/** Hashes alike that a stretch needs for each second, and in all. */
const LEAST_PER_SECOND = 0.8;
const LEAST_HASHES = 8;
/** Bits of frames that differ: half of them by chance. A stretch ends where more than this differ over a second. */
const LARGEST_ERROR = 0.36;
/** Frames on each side over which differing bits are counted. */
const ERROR_FRAMES = 12;
/** Hashes that come so often say nothing. */
const MOST_OF_ONE = 2000;

/**
 * An empty index, in memory: about 12 bytes for each of some 100 hashes a second.
 *
 * @param options.shortest Shortest stretch, in seconds.
 */
export function createRepeatIndex(
  { shortest = 5 }: { readonly shortest?: number | undefined } = {},
): RepeatIndex {
  const recordings: { readonly name: string; readonly fingerprint: Fingerprint }[] = [];
  const places = new Map<number, number[]>();
  return {
    add(name, fingerprint) {
      const number = recordings.push({ name, fingerprint }) - 1;
      for (const [i, hash] of fingerprint.hashes.entries()) {
        const place = number * 2 ** 24 + fingerprint.frames[i]!;
        const known = places.get(hash);
        if (known) known.push(place);
        else places.set(hash, [place]);
      }
    },
    find(fingerprint) {
      const lines = alignedFrames(fingerprint, places);
      const repeats = [...lines].flatMap(([line, frames]) => {
        const number = Math.floor(line / 2 ** 25);
        const shift = line - number * 2 ** 25 - 2 ** 24;
        const { name, fingerprint: other } = recordings[number]!;
        return runsOf(frames).map((run) => widen(run, { bits: fingerprint.bits, other: other.bits, shift }))
          .filter((run) => run !== undefined && run.to - run.from >= (shortest - 0.25) * FRAMES_PER_SECOND)
          .map((run) => ({
            onset: run!.from / FRAMES_PER_SECOND,
            offset: run!.to / FRAMES_PER_SECOND,
            other: name,
            otherOnset: (run!.from + shift) / FRAMES_PER_SECOND,
          }));
      });
      return joinNeighbours(repeats.toSorted((a, b) => a.onset - b.onset || a.offset - b.offset));
    },
  };
}

/** One repeat for those whose shifts differ by a frame, as between two frames they do. */
function joinNeighbours(repeats: readonly Repeat[]): Repeat[] {
  const joined: Repeat[] = [];
  for (const repeat of repeats) {
    const same = joined.findIndex((earlier) =>
      earlier.other === repeat.other && earlier.offset >= repeat.onset &&
      Math.abs(earlier.otherOnset - earlier.onset - repeat.otherOnset + repeat.onset) <
        1.5 / FRAMES_PER_SECOND
    );
    const earlier = joined[same];
    if (earlier) joined[same] = { ...earlier, offset: Math.max(earlier.offset, repeat.offset) };
    else joined.push(repeat);
  }
  return joined;
}

/** Frames of hashes that are alike, by the recording and the shift between both. */
function alignedFrames({ hashes, frames }: Fingerprint, places: ReadonlyMap<number, readonly number[]>) {
  const lines = new Map<number, number[]>();
  for (const [i, hash] of hashes.entries()) {
    const known = places.get(hash);
    if (!known || known.length > MOST_OF_ONE) continue;
    for (const place of known) {
      const number = Math.floor(place / 2 ** 24);
      const line = number * 2 ** 25 + 2 ** 24 + (place - number * 2 ** 24) - frames[i]!;
      const found = lines.get(line);
      if (found) found.push(frames[i]!);
      else lines.set(line, [frames[i]!]);
    }
  }
  return lines;
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Runs of frames that are close to each other and many enough. */
function runsOf(frames: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let first = 0, last = 0; first < frames.length; first = last + 1) {
    last = first;
    while (last + 1 < frames.length && frames[last + 1]! - frames[last]! <= LARGEST_GAP) last++;
    const seconds = (frames[last]! - frames[first]!) / FRAMES_PER_SECOND;
    if (last - first + 1 >= Math.max(LEAST_HASHES, LEAST_PER_SECOND * seconds)) {
      runs.push({ from: frames[first]!, to: frames[last]! });
    }
  }
  return runs;
}

/** A run as long as its frames stay alike; nothing where they are not. */
function widen(
  { from, to }: Run,
  { bits, other, shift }: { readonly bits: Uint32Array; readonly other: Uint32Array; readonly shift: number },
): Run | undefined {
  const isAlike = (t: number) => {
    let differing = 0;
    let frames = 0;
    for (let i = t - ERROR_FRAMES; i <= t + ERROR_FRAMES; i++) {
      const a = bits[i];
      const b = other[i + shift];
      if (a === undefined || b === undefined) continue;
      differing += countBits(a ^ b);
      frames++;
    }
    return frames > ERROR_FRAMES && differing / (31 * frames) <= LARGEST_ERROR;
  };
  let alike = 0;
  for (let t = from; t <= to; t += 4) if (isAlike(t)) alike++;
  if (alike < (to - from) / 4 * 0.7) return undefined;
  let start = from;
  let end = to;
  while (start > 0 && isAlike(start - 1)) start--;
  while (end < bits.length && isAlike(end + 1)) end++;
  return { from: start, to: end };
}

function countBits(word: number): number {
  let n = word - (word >>> 1 & 0x55555555);
  n = (n & 0x33333333) + (n >>> 2 & 0x33333333);
  return Math.imul(n + (n >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
