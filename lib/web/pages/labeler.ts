import { dirname, join } from "node:path";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { exists } from "lib/base/system/exists.ts";
import { type LabelLedger, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { checkEventName, notLabel } from "lib/learning/dataset/label_name.ts";
import { lastTrainingMs } from "lib/learning/model_package/last_training.ts";
import type { ClipSource } from "lib/web/pages/api.ts";
import { createLabelOrder, type LabelOrder } from "lib/web/pages/background_order.ts";
import { type ClipReview, createClipReview } from "lib/web/pages/clip_review.ts";
import { createDiskCache, type DiskCache } from "lib/web/pages/disk_cache.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { createPageLabels, type PageLabels } from "lib/web/pages/labels_of_page.ts";
import { createLeases, type Leases } from "lib/web/pages/leases.ts";
import {
  createRecordingFiles,
  type RecordingFile,
  type RecordingFiles,
} from "lib/web/pages/recording_files.ts";
import { createRecordingOpener, type OpenRecording } from "lib/web/pages/recording_media.ts";
import { createSummaries, type SummaryJob } from "lib/web/pages/recording_summary.ts";
import { createFileScope, type FileScope } from "lib/web/pages/safe_file.ts";
import { createWorkLimit, type WorkLimit } from "lib/web/pages/work_limit.ts";
import { type ClipHearing, openClipHearing } from "lib/work/harvest/clip_hearing.ts";

/** What is labelled, and where things lie. */
export interface LabelerOptions {
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
  /** Where pictures are kept that take time to make. */
  readonly cacheFolder: string;
  readonly maxCacheBytes: number;
}

/** What the labeler looks at unless told otherwise, seen from the project's folder. */
export const DEFAULT_LABELER = Object.freeze(
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
  } as const satisfies LabelerOptions,
);

/** The folder of the pre-trained listener among models. */
const LISTENER = "listener";

/** All parts of the labeler but HTTP. */
export interface Labeler {
  readonly options: LabelerOptions;
  /** Changes with each start. */
  readonly instance: string;
  /** Every label that may be given. */
  readonly labelNames: readonly string[];
  readonly clock: Clock;
  /** Aborts when the labeler stops. */
  readonly signal: AbortSignal;
  readonly ledger: LabelLedger;
  readonly labels: PageLabels;
  readonly leases: Leases;
  readonly review: ClipReview;
  readonly order: LabelOrder;
  readonly recordings: RecordingFiles;
  readonly scope: FileScope;
  readonly cache: DiskCache;
  /** For what reads sound: a few at once, so that what is on the screen comes soon. */
  readonly work: WorkLimit;
  readonly open: (file: RecordingFile) => Promise<OpenRecording>;
  readonly summaries: (recording: OpenRecording) => SummaryJob;
}

/**
 * Puts the parts together.
 *
 * @throws {SyntaxError} If an event's name can be none.
 */
export function createLabeler(
  options: LabelerOptions,
  { signal, clock = systemClock }: { readonly signal: AbortSignal; readonly clock?: Clock | undefined },
): Labeler {
  options.events.forEach(checkEventName);
  const ledger = openLedger(options.ledger, { clock });
  const labels = createPageLabels(ledger, options.by);
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
  const work = createWorkLimit(4, 200);
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
    instance: crypto.randomUUID(),
    labelNames: [...options.events.flatMap((event) => [event, notLabel(event)]), "unsure", "skip"],
    leases: createLeases(clock),
    review: createClipReview({
      ledger,
      labels,
      recordings,
      foundFolder,
      events: options.events,
      source: options.source,
      order,
      lastTrainingMs: () => lastTrainingMs(options.modelsFolder, options.events),
    }),
    work,
    open: createRecordingOpener(scope, cache),
    summaries: createSummaries(cache, { work, signal }),
  };
}

/** Opens what hears clips before a person does: the listener where it is there, and a model of the first event. */
async function openHearing({ events, models, modelsFolder }: LabelerOptions): Promise<ClipHearing> {
  const [event = ""] = events;
  const isThere = (name: string) => exists(join(modelsFolder, name, "manifest.json"));
  const usual = await isThere(event) ? [join(modelsFolder, event)] : [];
  return await openClipHearing({
    event,
    models: models ?? usual,
    listener: await isThere(LISTENER) ? join(modelsFolder, LISTENER) : undefined,
  });
}

/** @throws {HttpProblem} If there is no such recording, or it cannot be read. */
export async function openById({ recordings, open }: Labeler, id: string): Promise<OpenRecording> {
  const file = await recordings.byId(id);
  if (!file) throw new HttpProblem("not-found", "there is no such recording any more");
  return await open(file);
}
