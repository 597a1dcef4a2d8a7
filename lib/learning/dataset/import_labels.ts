import { basename, dirname, extname, join } from "node:path";
import { decodeText } from "lib/base/events/decode_text.ts";
import { readEvents } from "lib/base/events/event_formats.ts";
import { isMediaName } from "lib/base/events/media_name.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { clipDuration } from "lib/learning/dataset/clip_file.ts";
import type { SkippedClip } from "lib/learning/dataset/clip_files.ts";
import type { LabelLedger, LabelSource, NewLabel } from "lib/learning/dataset/label_ledger.ts";
import { rowsToLabels } from "lib/learning/dataset/label_rows.ts";
import { readClipLabels } from "lib/learning/dataset/label_views_clips.ts";
import { placeSorted, readSortedClips, removeSorted } from "lib/learning/dataset/label_views_found.ts";
import { findLabelledFolders, folderLabel } from "lib/learning/dataset/labelled_folder.ts";
import { type ImportPlan, planImport } from "lib/learning/dataset/plan_import.ts";
import { readSegments, type Segment } from "lib/learning/dataset/segments_file.ts";

/** What the ways to import need. */
export interface ImportJob {
  readonly ledger: LabelLedger;
  readonly options: {
    readonly event: readonly string[];
    readonly recording: string | undefined;
    readonly beginsWith: "event" | "not-event" | undefined;
    readonly clips: string;
    readonly found: string;
    readonly correct: boolean;
    readonly dryRun: boolean;
  };
  readonly source: LabelSource;
  readonly provenance: NonNullable<NewLabel["provenance"]>;
  readonly log: Pick<Logger, "error">;
  readonly signal: AbortSignal;
  /** Finds the recording of the last segment of a `segments.txt`; by default it has to lie beside the file. */
  readonly recordingPath?: (recording: string) => Promise<string | undefined>;
}

/** What was imported, and how many files could not be read. */
type ImportOutcome = ImportPlan & { readonly bad: number };

/** Imports the clip folders of the project. */
export async function importClips(job: ImportJob): Promise<ImportOutcome> {
  const { ledger, options } = job;
  const folders = await findLabelledFolders(options.clips, options.event);
  const { labels, bad } = await readClipLabels(folders, ledger, await ledger.current(), job);
  return await add(labels, bad, job);
}

/** Imports the found clips that a person sorted, and moves them to the clips to train on. */
export async function importSorted(job: ImportJob): Promise<ImportOutcome> {
  const { ledger, options, log } = job;
  const { clips, bad } = await readSortedClips(options.found, ledger, {
    ...job,
    events: options.event,
    clipsRoot: options.clips,
    // Whoever moved them listened to them.
    source: { ...job.source, kind: "person" },
  });
  const current = await ledger.current();
  const first = planImport(current, clips.map(({ label }) => label), options);
  // What contradicts something stays where it is, with its file.
  const settled = new Set(first.conflicts.map(({ incoming }) => incoming.clip));
  const wanted = clips.filter(({ label }) => !settled.has(label.clip));
  const refused = options.dryRun ? [] : await placeSorted(wanted);
  for (const { path, target } of refused) {
    log.error(`${path}: ${target} is another clip of the same name: rename one of the two`);
  }
  const placed = wanted.filter((clip) => !refused.includes(clip));
  const outcome = await add(placed.map(({ label }) => label), bad, job);
  if (!options.dryRun) await removeSorted(placed);
  return {
    ...outcome,
    conflicts: [...first.conflicts, ...outcome.conflicts],
    bad: outcome.bad + refused.length,
  };
}

/**
 * Imports clip folders and files of labels that are named.
 *
 * @throws {RangeError} If a folder and the folders in it are called after no event.
 * @throws {SyntaxError} If a file cannot be read as labels.
 */
export async function importFiles(paths: readonly string[], job: ImportJob): Promise<ImportOutcome> {
  const labels: NewLabel[] = [];
  const bad: SkippedClip[] = [];
  for (const path of paths) {
    if ((await Deno.stat(path)).isDirectory) {
      const label = folderLabel(path, job.options.event);
      const folders = label === undefined
        ? await findLabelledFolders(path, job.options.event)
        : [{ path, label }];
      if (folders.length === 0) {
        throw new RangeError(
          `${path}: neither it nor a folder in it is called after ${job.options.event.join(", ")}`,
        );
      }
      const read = await readClipLabels(folders, job.ledger, await job.ledger.current(), job);
      labels.push(...read.labels);
      bad.push(...read.bad);
    } else labels.push(...await readLabelFile(path, job));
  }
  return await add(labels, bad, job);
}

async function readLabelFile(path: string, job: ImportJob): Promise<NewLabel[]> {
  const { ledger, options, source } = job;
  const text = decodeText(await Deno.readFile(path));
  const event = options.event[0] ?? "burp";
  const recordingFile = await recordingBeside(path);
  const recording = options.recording ?? recordingFile;
  const more = {
    source: source.kind === "import" ? { ...source, name: basename(path) } : source,
    provenance: job.provenance,
    clipName: ledger.clipName,
    ...(recording === undefined ? {} : { recording }),
  };
  try {
    if (!/^\uFEFF?\s*\[.+\]/.test(text) || text.trimStart().startsWith("[{")) {
      return rowsToLabels(readEvents(text, { label: event }), more);
    }
    const beginsWith = options.beginsWith === undefined ? {} : { beginsWith: options.beginsWith };
    const segments = readSegments(text, { event, ...beginsWith });
    const rows = [];
    for (const segment of segments) {
      rows.push({ ...segment, offset: segment.offset ?? await segmentEnd(segment, path, job) });
    }
    return rowsToLabels(rows, more);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = error.message.includes("nothing says whether")
      ? ": say --begins-with event or --begins-with not-event"
      : error.message.includes("nothing says which recording")
      ? ": say --recording NAME"
      : "";
    throw new SyntaxError(`${path}: ${error.message}${hint}`, { cause: error });
  }
}

/** The last segment of a recording goes on to its end, which only the recording tells. */
async function segmentEnd(segment: Segment, path: string, job: ImportJob): Promise<number> {
  const file =
    await (job.recordingPath?.(segment.recording) ?? findRecording(segment.recording, dirname(path)));
  if (file === undefined) {
    throw new SyntaxError(
      `Cannot read segments: ${segment.recording} is needed to know where its last one ends; put it beside the file`,
    );
  }
  return Math.max(segment.onset, await clipDuration(file));
}

/** A recording of the same name as a file of labels. */
async function recordingBeside(path: string): Promise<string | undefined> {
  return await findRecording(basename(path, extname(path)), dirname(path));
}

async function findRecording(name: string, folder: string): Promise<string | undefined> {
  // macOS splits letters with marks, so that the same name may be written in two ways.
  const wanted = name.normalize("NFC");
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isFile || !isMediaName(entry.name)) continue;
    const present = entry.name.normalize("NFC");
    if (present === wanted || basename(present, extname(present)) === wanted) {
      return join(folder, entry.name);
    }
  }
  return undefined;
}

async function add(
  labels: readonly NewLabel[],
  bad: readonly SkippedClip[],
  job: ImportJob,
): Promise<ImportOutcome> {
  for (const { path, reason } of bad) job.log.error(`${path}: ${reason}`);
  let plan: ImportPlan = planImport([], []);
  if (job.options.dryRun) plan = planImport(await job.ledger.current(), labels, job.options);
  else {
    await job.ledger.update((_, current) => {
      plan = planImport(current, labels, job.options);
      return plan.add;
    });
  }
  return { ...plan, bad: bad.length };
}
