import { dirname, join } from "node:path";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { createDiskCache, type DiskCache } from "lib/base/system/disk_cache.ts";
import { exists } from "lib/base/system/exists.ts";
import { type LabelLedger, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { checkEventName, notLabel } from "lib/learning/dataset/label_name.ts";
import { lastTrainingMs } from "lib/learning/model_package/last_training.ts";
import type { ClipSource } from "lib/work/review/answers.ts";
import { createLabelOrder, type LabelOrder } from "lib/work/review/background_order.ts";
import { type ClipHearing, openClipHearing } from "lib/work/review/clip_hearing.ts";
import { type ClipReview, createClipReview } from "lib/work/review/clip_review.ts";
import { createFileScope, type FileScope } from "lib/work/review/file_scope.ts";
import { createLeases, type Leases } from "lib/work/review/leases.ts";
import { createRecordingFiles, type RecordingFiles } from "lib/work/review/recording_files.ts";
import { createReviewLabels, type ReviewLabels } from "lib/work/review/review_labels.ts";

/** What is labelled, and where things lie. */
export interface ReviewOptions {
  /** The events; the first is what clips are asked about. */
  readonly events: readonly string[];
  readonly source: ClipSource;
  /** Who labels; may be empty. */
  readonly by: string;
  readonly ledger: string;
  readonly clipsFolder: string;
  readonly foundFolder: string;
  readonly vodsFolder: string;
  /**
   * Where models are kept: the newest says since when answers wait to be learnt from, the listener tells clips apart, and that
   * of the first event's name is asked about them.
   */
  readonly modelsFolder: string;
  /** Folders of the models that are asked instead. */
  readonly models?: readonly string[] | undefined;
  /** Long recordings to begin with. */
  readonly recordings: readonly string[];
  /** Where things are kept that take time to make. */
  readonly cacheFolder: string;
  readonly maxCacheBytes: number;
}

/** What a review looks at unless told otherwise, seen from the project's folder. */
export const DEFAULT_REVIEW = Object.freeze(
  {
    events: ["burp"],
    source: "queue",
    by: "",
    ledger: "data/labels.jsonl",
    clipsFolder: "data/clips",
    foundFolder: "data/found",
    vodsFolder: "data/vods",
    modelsFolder: "models",
    recordings: [],
    cacheFolder: ".cache/label",
    maxCacheBytes: 1e9,
  } as const satisfies ReviewOptions,
);

/** The folder of the pre-trained listener among models. */
const LISTENER = "listener";

/** Sounds and recordings that people label, and what they say of them. */
export interface Review {
  readonly options: ReviewOptions;
  /** Every label that may be given. */
  readonly labelNames: readonly string[];
  readonly clock: Clock;
  /** Aborts when the review ends. */
  readonly signal: AbortSignal;
  readonly ledger: LabelLedger;
  readonly labels: ReviewLabels;
  readonly leases: Leases;
  /** Clips, one after the other. */
  readonly clips: ClipReview;
  /** What to label next. */
  readonly order: LabelOrder;
  readonly recordings: RecordingFiles;
  readonly scope: FileScope;
  readonly cache: DiskCache;
  /** Waits for what is under way once `signal` has aborted. Every answer that was confirmed is in the ledger. */
  close(): Promise<void>;
}

/** What a review takes from outside. */
interface ReviewContext {
  /** Ends what is under way in the background. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Opens what there is to label in a project: for a page, a command or a cell alike. Nothing is read before it is asked for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createLabelId } from "lib/learning/dataset/label_id.ts";
 * import { writeWav } from "lib/media/audio/wav_writer.ts";
 *
 * const data = await Deno.makeTempDir();
 * const review = openReview({
 *   ledger: `${data}/labels.jsonl`,
 *   clipsFolder: `${data}/clips`,
 *   foundFolder: `${data}/found`,
 *   vodsFolder: `${data}/vods`,
 *   cacheFolder: `${data}/cache`,
 * });
 * await writeWav(`${data}/a.wav`, new Float32Array(16_000), { sampleRate: 16_000 });
 * const place = { recording: "1746376348", onset: 60, offset: 61, clip: "a.wav" };
 * await review.ledger.append([{ ...place, label: "unsure", source: { kind: "chat" } }]);
 * const { items: [asked] } = await review.clips.queue("ledger");
 * const id = createLabelId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
 * const given = { id, item: asked!.id, label: "burp", replaces: null };
 * const { progress } = await review.clips.answer(given);
 * assert.equal(progress.left, 0);
 * assert.equal((await review.ledger.current())[0]!.label, "burp");
 * await review.close();
 * await Deno.remove(data, { recursive: true });
 * ```
 *
 * @throws {SyntaxError} If an event's name can be none.
 */
export function openReview(
  given: Partial<ReviewOptions> = {},
  { signal = new AbortController().signal, clock = systemClock }: ReviewContext = {},
): Review {
  const options: ReviewOptions = { ...DEFAULT_REVIEW, ...given };
  options.events.forEach(checkEventName);
  const ledger = openLedger(options.ledger, { clock });
  const labels = createReviewLabels(ledger, options.by);
  const { clipsFolder, foundFolder, vodsFolder } = options;
  const scope = createFileScope({
    folders: [dirname(options.ledger), clipsFolder, foundFolder, vodsFolder],
    files: options.recordings,
  });
  const recordings = createRecordingFiles({
    named: options.recordings,
    folder: vodsFolder,
    scope,
    clipName: ledger.clipName,
  });
  const cache = createDiskCache(options.cacheFolder, options.maxCacheBytes);
  const order = createLabelOrder({
    ledger,
    events: options.events,
    scope,
    cache,
    clock,
    signal,
    hearing: () => openHearing(options),
  });
  return {
    options,
    signal,
    clock,
    ledger,
    labels,
    scope,
    recordings,
    cache,
    order,
    labelNames: [...options.events.flatMap((event) => [event, notLabel(event)]), "unsure", "skip"],
    leases: createLeases(clock),
    clips: createClipReview({
      ledger,
      labels,
      recordings,
      foundFolder,
      events: options.events,
      source: options.source,
      order,
      lastTrainingMs: () => lastTrainingMs(options.modelsFolder, options.events),
    }),
    close: async () => {
      await order.close();
      await cache.flush();
    },
  };
}

/** Opens what hears clips before a person does: the listener where it is there, and a model of the first event. */
async function openHearing({ events, models, modelsFolder }: ReviewOptions): Promise<ClipHearing> {
  const [event = ""] = events;
  const isThere = (name: string) => exists(join(modelsFolder, name, "manifest.json"));
  const usual = await isThere(event) ? [join(modelsFolder, event)] : [];
  return await openClipHearing({
    event,
    models: models ?? usual,
    listener: await isThere(LISTENER) ? join(modelsFolder, LISTENER) : undefined,
  });
}
