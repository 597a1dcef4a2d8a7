import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { type BedOptions, createBed } from "lib/learning/synthesis/bed.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import {
  activeRange,
  decibelsToRatio,
  mixInto,
  peakOf,
  rootMeanSquare,
} from "lib/learning/synthesis/level.ts";

/** An event that shall be in the stream. */
interface PlannedEvent {
  /** Start, in seconds. */
  readonly onset: number;
  /** Level of the event over all else that sounds meanwhile, in dB. */
  readonly snrDecibels: number;
}

/** What a stream is made of. */
export interface StreamOptions extends Omit<BedOptions, "sampleRate"> {
  /** Length, in seconds. */
  readonly durationSeconds: number;
  readonly seed: number | string;
  /** In Hz; 16000 by default. */
  readonly sampleRate?: number;
  /** When and how loud; see {@linkcode planEvents}. */
  readonly events: readonly PlannedEvent[];
  /** What the events are called in the truth; `burp` by default. */
  readonly label?: string;
  /** Makes one event; {@linkcode synthesizeBurp} by default. */
  readonly synthesizeEvent?: (random: Random, options: { sampleRate: number }) => Float32Array;
}

/** A stream with its known truth. */
export interface SynthesizedStream {
  readonly sampleRate: number;
  /** In seconds. */
  readonly duration: number;
  /** The events in order of time, each from its first to its last audible moment. */
  readonly truth: readonly SoundEvent[];
  /** The mono samples, a second at a time (the last block may be shorter); may be iterated over again. */
  readonly blocks: AsyncIterable<Float32Array<ArrayBuffer>>;
}

/** How {@linkcode planEvents} spreads events. */
interface PlanOptions {
  readonly durationSeconds: number;
  readonly seed: number | string;
  /** How many. */
  readonly count: number;
  /** Lowest and highest level over the bed, in dB; 0 and 15 by default. */
  readonly snrDecibels?: readonly [low: number, high: number];
}

/** Events spread over a stream at irregular times. Each has its own part of the stream, so that they hardly overlap. */
export function planEvents(
  { durationSeconds, seed, count, snrDecibels = [0, 15] }: PlanOptions,
): PlannedEvent[] {
  const random = createRandom(seed).fork("plan");
  const share = durationSeconds / count;
  return Array.from({ length: count }, (_, i) => ({
    onset: share * (i + random.uniform(0.1, 0.7)),
    snrDecibels: random.uniform(...snrDecibels),
  }));
}

// A bed below this level counts as this level, so that an event in silence is loud but finite.
const QUIETEST_BED_DECIBELS = -60;

// Louder ones would be mere distortion.
const LOUDEST_PEAK = 0.8;

/**
 * A stream over which the truth is known: events at the given times and levels over a bed as of a gaming stream. Memory
 * does not grow with the length; ten minutes take a few seconds.
 *
 * @throws {RangeError} for a duration that is not above 0, or an event outside of it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
 *
 * const events = planEvents({ durationSeconds: 20, seed: "mine", count: 3 });
 * const { truth, duration } = synthesizeStream({ durationSeconds: 20, seed: "mine", events });
 * assert.equal(duration, 20);
 * assert.equal(truth.length, 3);
 * ```
 */
export function synthesizeStream(options: StreamOptions): SynthesizedStream {
  const { durationSeconds, seed, sampleRate = 16000, label = "burp" } = options;
  const { synthesizeEvent = synthesizeBurp } = options;
  if (!(durationSeconds > 0)) {
    throw new RangeError(`Cannot synthesise a stream of ${durationSeconds} seconds`);
  }
  const root = createRandom(seed);
  const length = Math.round(durationSeconds * sampleRate);
  // An event is made twice, for the truth and when its time has come, rather than kept for hours.
  const makeEvent = (index: number) => synthesizeEvent(root.fork(`event ${index}`), { sampleRate });
  const events = options.events.toSorted((a, b) => a.onset - b.onset).map((planned, index) => {
    if (!(planned.onset >= 0 && planned.onset < durationSeconds)) {
      throw new RangeError(
        `Cannot place an event at ${planned.onset} s in a stream of ${durationSeconds} s`,
      );
    }
    const [first, last] = activeRange(makeEvent(index), { sampleRate });
    const start = Math.round(planned.onset * sampleRate);
    const end = Math.min(length, start + last - first);
    return { ...planned, index, start, end, first, last };
  });
  const truth = events.map(({ start, end }) => ({
    onset: start / sampleRate,
    offset: end / sampleRate,
    label,
  }));

  async function* render(): AsyncGenerator<Float32Array<ArrayBuffer>> {
    const bed = createBed(root.fork("bed"), { ...options, sampleRate });
    let ahead = new Float32Array(0), next = 0;
    for (let at = 0; at < length; at += sampleRate) {
      const blockEnd = Math.min(length, at + sampleRate);
      const due = [];
      while (next < events.length && events[next]!.start < blockEnd) due.push(events[next++]!);
      // The level of the bed under an event has to be known before the event is mixed in.
      const needed = Math.max(blockEnd, ...due.map((event) => event.end)) - at;
      while (ahead.length < needed) {
        const longer = new Float32Array(ahead.length + sampleRate);
        longer.set(ahead);
        longer.set(bed.render(sampleRate), ahead.length);
        ahead = longer;
      }
      for (const { index, start, end, first, last, snrDecibels } of due) {
        const samples = makeEvent(index).subarray(first, last);
        const bedLevel = rootMeanSquare(ahead.subarray(start - at, end - at));
        const level = Math.max(bedLevel, decibelsToRatio(QUIETEST_BED_DECIBELS)) *
          decibelsToRatio(snrDecibels);
        const gain = Math.min(level / (rootMeanSquare(samples) || 1), LOUDEST_PEAK / peakOf(samples));
        mixInto(ahead, samples.subarray(0, end - start), start - at, gain);
      }
      const block = ahead.slice(0, blockEnd - at);
      ahead = ahead.slice(blockEnd - at);
      limit(block);
      yield block;
      // Leaves room for whoever reads and writes meanwhile.
      await Promise.resolve();
    }
  }
  return { sampleRate, duration: length / sampleRate, truth, blocks: { [Symbol.asyncIterator]: render } };
}

/** Bends what is louder than 0.7 towards 1, as the limiter of a streaming program does. */
function limit(samples: Float32Array): void {
  const knee = 0.7, room = 1 - knee;
  for (let n = 0; n < samples.length; n++) {
    const value = samples[n]!, magnitude = Math.abs(value);
    if (magnitude > knee) {
      samples[n] = Math.sign(value) * (knee + room * Math.tanh((magnitude - knee) / room));
    }
  }
}
