import { createRandom } from "lib/base/numbers/random.ts";
import { type FakeSegment, makeMediaOf } from "tests/fakes/vod_media.ts";
import { frequencyOfBands, type Tone, toneRecording } from "tests/learning/detect/tone_recording.ts";

/** Rate of the tone model, in Hz. */
export const TONE_RATE = 8000;

/** Length of each tone, in seconds. */
export const TONE_SECONDS = 0.5;

/** Media with tones at known times, in segments of about two seconds. */
export interface ToneMedia {
  readonly segments: readonly FakeSegment[];
  /** Header of fragmented MP4. */
  readonly header?: Uint8Array<ArrayBuffer> | undefined;
  /** Onsets of the tones, in seconds from the start of the media. */
  readonly onsets: readonly number[];
  readonly seconds: number;
}

const made = new Map<string, Promise<ToneMedia>>();

/** Media with a tone of half a second every 3 to 7 s; made once per process. */
export function toneMedia(
  seconds: number,
  { seed = "tones", fragmented = false }: { readonly seed?: string; readonly fragmented?: boolean } = {},
): Promise<ToneMedia> {
  const key = `${seconds} ${seed} ${fragmented}`;
  if (!made.has(key)) made.set(key, make(seconds, seed, fragmented));
  return made.get(key)!;
}

async function make(seconds: number, seed: string, fragmented: boolean): Promise<ToneMedia> {
  const random = createRandom(seed);
  const tones: Tone[] = [];
  for (let at = 2; at < seconds - 2; at += random.uniform(3, 7)) {
    tones.push({ onset: at, offset: at + TONE_SECONDS, frequency: frequencyOfBands(0) });
  }
  const samples = toneRecording(seconds, tones, TONE_RATE);
  const { renditions } = await makeMediaOf(samples, { sampleRate: TONE_RATE, segmentSeconds: 2, fragmented });
  // The last piece is the rest of the encoder, much shorter than the others.
  const segments = renditions[0]!.segments.filter(({ duration }) => duration > 0.5);
  const { header } = renditions[0]!;
  return {
    segments,
    header,
    onsets: tones.map((tone) => tone.onset),
    seconds: segments.reduce((sum, { duration }) => sum + duration, 0),
  };
}
