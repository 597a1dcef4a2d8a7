import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { columnOf } from "lib/learning/detect/score_tracks.ts";
import type { DetectedEvent, Detection } from "lib/learning/detect/streaming_detector.ts";
import type { DetectionArchive } from "lib/work/bot/detection_archive.ts";
import { markWrong } from "lib/work/bot/mark_wrong.ts";
import { createSoundBuffer } from "lib/work/bot/sound_buffer.ts";

/** Where detections are kept. */
export interface DetectionStore {
  readonly archive: DetectionArchive;
  readonly ledger: LabelLedger;
  /** Folder of the clips to train on, such as `data/clips`. */
  readonly clipsRoot: string;
  /** Name of the model, for the ledger. */
  readonly model: string;
  readonly grid: TimeGrid;
  /** Column of the sound in the detector's scores, and their number. */
  readonly column: number;
  readonly width: number;
}

/** Keeps what was heard: sound and scores for a while, clips of detections for good (within the archive's bounds). */
export interface DetectionKeeper {
  hearSound(samples: Float32Array, streamTime: number): void;
  hearScores(detection: Detection, startTime: number): void;
  /** A detection for the first time; it becomes the last one. */
  begin(id: string, event: DetectedEvent): void;
  /** What it turned out to be: its clip is kept as soon as the sound around it is there. */
  confirm(id: string, event: DetectedEvent): void;
  /** It was none after all. */
  drop(id: string): void;
  /** Marks the last detection as wrong, when its clip is there. */
  markLastWrong(who: string): Promise<"marked" | "marked before" | "nothing">;
  close(): Promise<void>;
}

/** Sound around an event that its clip has, in seconds. */
const PAD_SECONDS = 1;
/** Sound and scores that are remembered, in seconds: a long event and the time until it is confirmed. */
const MEMORY_SECONDS = 90;
const MOST_WAITING = 100;

interface Waiting {
  readonly id: string;
  readonly event: DetectedEvent;
  readonly kept: PromiseWithResolvers<string | undefined>;
  isCertain: boolean;
}

/** Makes a keeper; without a store nothing is remembered. */
export function createDetectionKeeper(
  store: DetectionStore | undefined,
  options: {
    readonly recording: string;
    readonly sampleRate: number;
    readonly clock: Clock;
    readonly onError: (error: unknown) => void;
  },
): DetectionKeeper {
  const { sampleRate, clock, recording } = options;
  const buffer = store && createSoundBuffer(sampleRate, MEMORY_SECONDS);
  let scores: { readonly start: number; readonly values: Float32Array }[] = [];
  let waiting: Waiting[] = [];
  let last: { event: DetectedEvent; kept: Promise<string | undefined>; isWrong: boolean } | undefined;
  const writes = new Set<Promise<unknown>>();

  const keep = async ({ event }: Waiting): Promise<string | undefined> => {
    const [onset, offset] = [event.onset - PAD_SECONDS, event.offset + PAD_SECONDS];
    const samples = buffer!.cut(onset, offset);
    if (samples.length === 0) return undefined;
    const { grid } = store!;
    const near = scores.filter(({ start, values }) =>
      start < offset && start + values.length * grid.period > onset
    );
    return await store!.archive.add(
      {
        time: new Date(clock.now()).toISOString(),
        recording,
        onset: roundTo(event.onset, 3),
        offset: roundTo(event.offset, 3),
        label: event.label,
        score: roundTo(event.score, 3),
        scores: near.flatMap(({ values }) => Array.from(values, (value) => roundTo(value, 3))),
        scoresStart: roundTo(near[0]?.start ?? event.onset, 3),
        scoresPeriod: grid.period,
      },
      samples,
      sampleRate,
    );
  };
  const mark = async (
    { event, kept }: { readonly event: DetectedEvent; readonly kept: Promise<string | undefined> },
    { archive, ledger, clipsRoot, model }: DetectionStore,
    who: string,
  ) => {
    const clip = await kept;
    if (clip === undefined) return "nothing";
    const { onset, offset, label, score } = archive.kept().find((entry) => clip.endsWith(entry.clip)) ??
      event;
    const wrong = { recording, onset, offset, label, score, clip };
    return await markWrong(wrong, ledger, { clipsRoot, who, model }) ? "marked" : "marked before";
  };
  const settle = (everything: boolean) => {
    const due = waiting.filter(({ isCertain, event }) =>
      isCertain && (everything || buffer!.end >= event.offset + PAD_SECONDS)
    );
    waiting = waiting.filter((entry) => !due.includes(entry));
    for (const entry of due) {
      const writing = keep(entry).catch((error) => {
        options.onError(error);
        return undefined;
      }).then((clip) => entry.kept.resolve(clip));
      writes.add(writing);
      void writing.then(() => writes.delete(writing));
    }
  };

  return {
    hearSound(samples, streamTime) {
      if (!buffer) return;
      buffer.push(samples, streamTime);
      settle(false);
    },
    hearScores(detection, startTime) {
      if (!store) return;
      const start = startTime + framesToSeconds(detection.startFrame, store.grid);
      const values = columnOf(detection.scores, store.column, store.width).slice();
      scores = [...scores.filter((other) => other.start > start - MEMORY_SECONDS), { start, values }];
    },
    begin(id, event) {
      const kept = Promise.withResolvers<string | undefined>();
      last = { event, kept: kept.promise, isWrong: false };
      if (!store) return kept.resolve(undefined);
      for (const old of waiting.splice(0, waiting.length - MOST_WAITING)) old.kept.resolve(undefined);
      waiting.push({ id, event, kept, isCertain: false });
    },
    confirm(id, event) {
      const index = waiting.findIndex((entry) => entry.id === id);
      if (index < 0) return;
      waiting[index] = { ...waiting[index]!, event, isCertain: true };
      settle(false);
    },
    drop(id) {
      const entry = waiting.find((other) => other.id === id);
      waiting = waiting.filter((other) => other !== entry);
      entry?.kept.resolve(undefined);
    },
    async markLastWrong(who) {
      if (!last || !store) return "nothing";
      if (last.isWrong) return "marked before";
      const marked = last;
      marked.isWrong = true;
      const marking = mark(marked, store, who);
      writes.add(marking);
      try {
        const outcome = await marking;
        marked.isWrong = outcome !== "nothing";
        return outcome;
      } catch (error) {
        marked.isWrong = false;
        throw error;
      } finally {
        writes.delete(marking);
      }
    },
    async close() {
      if (!store) return;
      settle(true);
      for (const { kept } of waiting) kept.resolve(undefined);
      await Promise.allSettled(writes);
    },
  };
}
