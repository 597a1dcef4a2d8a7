import { createAsyncQueue } from "lib/base/system/async_queue.ts";
import { createEarlyLook, LOOK_REACH } from "lib/learning/detect/early_look.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import { createHearingLedger, type HearingLedger } from "lib/learning/detect/hearing_ledger.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import {
  createDetector,
  type Detector,
  type DetectorOptions,
} from "lib/learning/detect/streaming_detector.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** How early and how boldly events are told. */
export interface EarlyDetectorOptions extends DetectorOptions {
  /**
   * How far above its threshold a provisional event must score, as a part of what is left up to 1: with 0.25 and a
   * threshold of 0.8, 0.85. It is seen without the sound after it, which makes the network err more; on synthetic
   * streams one in eighty came to nothing at 0, none at 0.25, where one in nine was told seconds later. Default 0.
   */
  readonly earlyMargin?: number;
  /** Gaps of at most so many seconds are filled with silence; at longer ones the detector begins anew. Default 5. */
  readonly longestFill?: number;
}

/** Defaults of {@link EarlyDetectorOptions}. */
const EARLY_DEFAULTS = Object.freeze({ chunkSeconds: 1, earlyMargin: 0, longestFill: 5 });

/** A detector for sound that arrives in time: each event is told when it is seen first, and again when it is certain. */
interface EarlyDetector {
  readonly detector: Detector;
  /**
   * Listens to blocks that know their times. The certain events are those that the detector gives for each stretch
   * without long gaps.
   */
  listen(
    blocks: AsyncIterable<TimedBlock>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<Hearing, void, void>;
  close(): Promise<void>;
}

interface Stretch {
  readonly input: ReturnType<typeof createAsyncQueue<Float32Array>>;
  /** Time of the end of what was fed, in seconds. */
  until(): number;
  feed(samples: Float32Array): void;
  readonly done: Promise<void>;
}

/** A gap of less than this is rounding, in seconds. */
const ROUNDING = 2e-3;
/** A certain event comes at most so long after the detector has scored its end, besides what its settings hold back. */
const PATIENCE = 1.5;
/** So many blocks may wait for the network before no more are read. */
const MOST_WAITING = 500;

/**
 * Makes an early detector of one or several models.
 *
 * @throws {ModelPackageError} If a network cannot be loaded.
 * @throws {RangeError} If an event is asked for that no model knows.
 */
export async function createEarlyDetector(
  models: ModelPackage | readonly ModelPackage[],
  options: EarlyDetectorOptions = {},
): Promise<EarlyDetector> {
  const { chunkSeconds, earlyMargin, longestFill } = { ...EARLY_DEFAULTS, ...options };
  const detector = await createDetector(models, { ...options, chunkSeconds });
  // One run for each look, and no larger buffers than that takes: there are thousands of looks in an hour.
  const lookSeconds = LOOK_REACH + detector.scorer.context + 1;
  const looker = await createScorer(models, { ...options, chunkSeconds: lookSeconds });
  const { sampleRate, settings, grid } = detector;
  const bars = new Map(settings.map(({ events: { label, onsetThreshold } }) => [
    label,
    onsetThreshold + earlyMargin * (1 - onsetThreshold),
  ]));
  const heldBack = Math.max(
    ...settings.map(({ smoothing, events: { mergeGap = 0, pad = 0 } }) =>
      smoothing.duration + mergeGap + 2 * pad
    ),
  );

  async function* listen(
    blocks: AsyncIterable<TimedBlock>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Hearing, void, void> {
    const out = createAsyncQueue<Hearing>();
    const ledger = createHearingLedger({
      score: (label) => bars.get(label) ?? 1,
      patience: heldBack + PATIENCE + 2 * grid.period,
    });
    const tell = (hearings: readonly Hearing[]) => hearings.forEach((hearing) => out.push(hearing));
    const look = createEarlyLook(detector, looker);
    let stretch: Stretch | undefined;

    const end = async (): Promise<void> => {
      const ending = stretch;
      stretch = undefined;
      if (!ending) return;
      ending.input.end();
      await ending.done;
      tell(ledger.settle());
    };
    const iterator = blocks[Symbol.asyncIterator]();
    const work = (async () => {
      try {
        while (!out.closed) {
          signal?.throwIfAborted();
          const { value: block, done } = await iterator.next();
          if (done) break;
          let { samples } = block;
          const gap = stretch ? block.streamTime - stretch.until() : Infinity;
          if (gap > longestFill) {
            await end();
            look.reset();
          } else if (gap > ROUNDING) {
            const silence = new Float32Array(Math.round(gap * sampleRate));
            stretch!.feed(silence);
            look.push(silence);
          } else if (gap < -ROUNDING) {
            samples = samples.subarray(Math.min(samples.length, Math.round(-gap * sampleRate)));
          }
          stretch ??= startStretch(block.streamTime, ledger, tell, (error) => out.fail(error), signal);
          look.push(samples);
          const until = stretch.until() + samples.length / sampleRate;
          // The look comes before the detector gets the sound: it is what the answer waits for.
          if (block.endsSegment) tell(ledger.provisional(await look.events(until)));
          stretch.feed(samples);
          await stretch.input.drained(MOST_WAITING);
        }
        await end();
        out.end();
      } catch (error) {
        stretch?.input.end();
        out.fail(error);
      }
    })();
    try {
      yield* out;
    } finally {
      // A source that waits for its next sound cannot be hurried here: its own signal ends it.
      void Promise.all([iterator.return?.(), work]).catch(() => {});
    }
  }

  function startStretch(
    startTime: number,
    ledger: HearingLedger,
    tell: (hearings: readonly Hearing[]) => void,
    onError: (error: unknown) => void,
    signal: AbortSignal | undefined,
  ): Stretch {
    const input = createAsyncQueue<Float32Array>();
    let fed = 0;
    const done = (async () => {
      try {
        for await (const detection of detector.detect(input, { startTime, ...({ signal }) })) {
          tell([
            { kind: "scored", detection, startTime },
            ...ledger.certain(detection.events, detection.scoredUntil),
          ]);
        }
      } catch (error) {
        onError(error);
      }
    })();
    return {
      input,
      done,
      until: () => startTime + fed / sampleRate,
      feed(samples) {
        fed += samples.length;
        if (samples.length > 0) input.push(samples);
      },
    };
  }

  return {
    detector,
    listen,
    async close() {
      await detector.close();
      await looker.close();
    },
  };
}
