import { createRandom } from "lib/base/numbers/random.ts";
import { frequencyOfBands } from "tests/learning/detect/tone_recording.ts";

/** A moment that can be told apart by ear and eye: a chirp and a flash of its own. */
export interface Mark {
  /** Which of the {@link MARK_KINDS} kinds of chirp and flash it has. */
  readonly id: number;
  /** When the chirp and the flash begin, in seconds. */
  readonly time: number;
}

/** Kinds of marks: more than there are in a recording. */
export const MARK_KINDS = 8;
/** Rate at which marks are looked for, in Hz; all chirps lie below 2.6 kHz, which the narrowest coders pass. */
export const MARK_RATE = 8000;
/** Pictures a second, and width and height of each. */
export const PICTURE = { rate: 25, width: 64, height: 36 } as const;

const CHIRP_SECONDS = 0.04;
/** Length of the tone, in whose middle a mark is, in seconds. */
export const TONE_SECONDS = 0.5;
const FLASH_SECONDS = 0.2;
const FLASH_STEP = 24;
const DARK = 24;

/** Value of the chirp of a kind `seconds` after its beginning: 275 Hz up, under a Hann window. */
function chirp(id: number, seconds: number): number {
  if (seconds < 0 || seconds >= CHIRP_SECONDS) return 0;
  const [from, rise] = [400 + 275 * id, 275 / CHIRP_SECONDS];
  const window = Math.sin(Math.PI * seconds / CHIRP_SECONDS) ** 2;
  return window * Math.sin(2 * Math.PI * (from + rise * seconds / 2) * seconds);
}

/**
 * Faint noise, and at each mark a low tone of half a second, which the tone model finds, with the chirp in its middle.
 *
 * @returns Samples, shape [seconds · sampleRate].
 */
export function markedSound(marks: readonly Mark[], seconds: number, sampleRate: number): Float32Array {
  const random = createRandom("marks");
  const samples = Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    () => 0.001 * (2 * random.next() - 1),
  );
  const low = frequencyOfBands(0);
  for (const { id, time } of marks) {
    const [from, to] = [time - TONE_SECONDS / 2, time + TONE_SECONDS / 2]
      .map((at) => Math.max(0, Math.min(samples.length, Math.round(at * sampleRate))));
    for (let i = from!; i < to!; i++) {
      const at = i / sampleRate - time;
      samples[i]! += 0.35 * Math.sin(2 * Math.PI * low * at) + 0.4 * chirp(id, at);
    }
  }
  return samples;
}

/** Dark grey pictures, and at each mark a flash as bright as its kind. Shape [pictures, height, width]. */
export function markedPictures(marks: readonly Mark[], seconds: number): Uint8Array<ArrayBuffer> {
  const size = PICTURE.width * PICTURE.height;
  const pictures = new Uint8Array(Math.round(seconds * PICTURE.rate) * size).fill(DARK);
  for (const { id, time } of marks) {
    const first = Math.round(time * PICTURE.rate);
    pictures.fill(DARK + FLASH_STEP * (id + 1), first * size, (first + FLASH_SECONDS * PICTURE.rate) * size);
  }
  return pictures;
}

const TEMPLATES = Array.from(
  { length: MARK_KINDS },
  (_, id) => Float32Array.from({ length: CHIRP_SECONDS * MARK_RATE }, (_, i) => chirp(id, i / MARK_RATE)),
);

/**
 * Finds the marks in sound by matched filters, to a sample of {@link MARK_RATE}, where it gets louder.
 *
 * @param samples At {@link MARK_RATE}.
 */
export function hearMarks(samples: Float32Array): Mark[] {
  const marks: Mark[] = [];
  const step = MARK_RATE / 100;
  for (let from = 0; from + step <= samples.length; from += step) {
    if (peak(samples.subarray(from, from + step)) < 0.1) continue;
    let best = { id: -1, at: 0, score: 0 };
    // The chirp lies in the middle of the tone, or where the sound begins.
    const last = Math.min(from + (TONE_SECONDS / 2 + 0.1) * MARK_RATE, samples.length - TEMPLATES[0]!.length);
    for (let at = from; at < last; at++) {
      for (let id = 0; id < MARK_KINDS; id++) {
        const score = Math.abs(dot(TEMPLATES[id]!, samples, at));
        if (score > best.score) best = { id, at, score };
      }
    }
    // A chirp alone gives 0.4 · 3/16 of its length.
    if (best.score > 0.02 * CHIRP_SECONDS * MARK_RATE) marks.push({ id: best.id, time: best.at / MARK_RATE });
    // On to the next silence.
    from = Math.max(from, best.at);
    while (from + step <= samples.length && peak(samples.subarray(from, from + step)) >= 0.1) from += step;
  }
  return marks;
}

/** Marks in pictures, by the brightness of each and its time in seconds. */
export function seeMarks(
  pictures: readonly { readonly time: number; readonly brightness: number }[],
): Mark[] {
  const kinds = pictures.map(({ brightness }) => Math.round((brightness - DARK) / FLASH_STEP) - 1);
  return pictures.flatMap(({ time }, i) =>
    kinds[i]! >= 0 && kinds[i] !== kinds[i - 1] ? [{ id: kinds[i]!, time }] : []
  );
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function dot(template: Float32Array, samples: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < template.length; i++) sum += template[i]! * samples[at + i]!;
  return sum;
}
