import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { BackgroundPart, BackgroundPlan } from "lib/learning/dataset/background_plan.ts";
import { levelDb } from "lib/learning/dataset/clip.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";

/**
 * Stretches of the user's own recordings in which the event is surely not, as 16-bit samples in one buffer that threads
 * share: two hours take 230 MB.
 */
export interface Background {
  /** Mono, at the rate of the features, all stretches one after the other. */
  readonly samples: Int16Array<SharedArrayBuffer>;
  readonly stretches: readonly BackgroundStretch[];
}

/** One of them. */
export interface BackgroundStretch {
  /** Name of the recording, for messages. */
  readonly recording: string;
  /** Where it begins in the recording, in seconds. */
  readonly onset: number;
  /** First sample in the buffer, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** Background on its sides; no stretch is on two of them. */
export interface SplitBackground {
  readonly train: Background;
  /** Chooses among epochs. */
  readonly validation: Background;
  /** Measures the finished model: longer stretches, of recordings or of times that no network learns from. */
  readonly held: Background;
}

/** Below this nothing sounds: muted parts say nothing of a room, in dB relative to full scale. */
const SILENCE_DB = -80;

/**
 * Reads what was planned; each recording is gone through once, block by block. One that cannot be read is named and left.
 */
export async function readBackground(
  plan: BackgroundPlan,
  { sampleRate, signal, onProgress, onWarning }: {
    readonly sampleRate: number;
    readonly signal?: AbortSignal | undefined;
    /** Told how many recordings are read. */
    readonly onProgress?: ((done: number) => void) | undefined;
    readonly onWarning?: ((text: string) => void) | undefined;
  },
): Promise<SplitBackground> {
  const size = ({ onset, offset }: BackgroundPart): number => secondsToSamples(offset - onset, sampleRate);
  const total = plan.parts.reduce((sum, part) => sum + size(part), 0);
  const samples = new Int16Array(new SharedArrayBuffer(2 * total));
  const sides = { train: [], validation: [], held: [] } as Record<keyof SplitBackground, BackgroundStretch[]>;
  let free = 0;
  const byPath = Map.groupBy(plan.parts, ({ path }) => path);
  let done = 0;
  for (const [path, parts] of byPath) {
    signal?.throwIfAborted();
    const wanted = parts.map((part) => {
      const first = secondsToSamples(part.onset, sampleRate);
      const start = free;
      free += size(part);
      return { ...part, first, start, end: free, filled: 0 };
    });
    try {
      const source = await openAudio(path, {
        sampleRate,
        signal,
        onWarning,
      });
      await fillParts(source.blocks, wanted, samples);
    } catch (error) {
      // One that cannot be read, or not to its end, must not cost what the others give.
      if (!(error instanceof AudioError)) throw error;
      onWarning?.(`${error.message}; nothing more is learnt of its background`);
    }
    for (const { recording, onset, start, end, filled, side } of wanted) {
      const stretch = { recording, onset, start, end: start + filled };
      // A recording may end before its header says so.
      if (filled < (end - start) / 2 || levelDb(floats(samples, stretch)) < SILENCE_DB) continue;
      sides[side].push(stretch);
    }
    onProgress?.(++done);
  }
  const background = (stretches: readonly BackgroundStretch[]): Background => ({ samples, stretches });
  return {
    train: background(sides.train),
    validation: background(sides.validation),
    held: background(sides.held),
  };
}

/** A part that is read: its first sample in the recording, where it goes in the buffer, and how much of it is there. */
interface WantedPart {
  readonly first: number;
  readonly start: number;
  readonly end: number;
  filled: number;
}

/** Fills parts, in the order of time, from the blocks of their recording, until all are full. */
async function fillParts(
  blocks: AsyncIterable<Float32Array>,
  wanted: readonly WantedPart[],
  samples: Int16Array,
): Promise<void> {
  let at = 0;
  let next = 0;
  for await (const block of blocks) {
    for (let i = next; i < wanted.length && wanted[i]!.first < at + block.length; i++) {
      const { first, start, end } = wanted[i]!;
      const from = Math.max(first, at);
      const to = Math.min(first + end - start, at + block.length);
      for (let n = from; n < to; n++) samples[start + n - first] = toInt16(block[n - at]!);
      wanted[i]!.filled = Math.max(0, to - first);
      if (i === next && to === first + end - start) next++;
    }
    at += block.length;
    if (next === wanted.length) return;
  }
}

/** Samples of a stretch as floats from -1 to 1, or of a part of it. */
export function backgroundSamples(
  { samples }: Background,
  { start, end }: Pick<BackgroundStretch, "start" | "end">,
): Float32Array<ArrayBuffer> {
  return floats(samples, { start, end });
}

/** Seconds of all stretches together. */
export function backgroundSeconds({ stretches }: Background, sampleRate: number): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0) / sampleRate;
}

function toInt16(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value * 32768)));
}

function floats(
  samples: Int16Array<SharedArrayBuffer>,
  { start, end }: { readonly start: number; readonly end: number },
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(end - start);
  for (let n = 0; n < out.length; n++) out[n] = samples[start + n]! / 32768;
  return out;
}
