import { basename, join } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { copyClip } from "lib/learning/dataset/clip_file.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import { clipFolderName } from "lib/learning/dataset/labelled_folder.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { cutClip } from "lib/media/audio/clip.ts";

/** What became of a label when clips were written. */
interface ExportedClip {
  readonly entry: LabelEntry;
  /**
   * `kept`: it lay there; `moved`: it lay in the folder of another label; `copied`; `cut` from the recording; `failed`.
   */
  readonly done: "kept" | "moved" | "copied" | "cut" | "failed";
  readonly path: string;
  /** Why it failed. */
  readonly reason?: string;
}

/**
 * Brings a folder of clips in line with the labels: each clip of an event into `<event>-audio`, of anything else into
 * `not-<event>-audio`. A clip that lies there under another label is moved, and the ledger told; clips from elsewhere
 * are copied, and where there is no clip it is cut out of the recording. No file is overwritten and none removed.
 *
 * @param clipsRoot Such as `data/clips`.
 * @param options `recordingPath` gives the file of a recording, if there is one.
 */
export async function exportClips(
  ledger: LabelLedger,
  clipsRoot: string,
  options: {
    readonly labels: readonly LabelEntry[];
    readonly recordingPath?: (recording: string) => Promise<string | undefined>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ExportedClip[]> {
  const results: ExportedClip[] = [];
  const moved: NewLabel[] = [];
  const root = `${ledger.clipName(clipsRoot)}/`;
  try {
    for (const entry of options.labels) {
      options.signal?.throwIfAborted();
      if (!("event" in parseLabel(entry.label))) continue;
      const name = entry.clip === undefined ? clipFileName(entry) : basename(entry.clip);
      const path = join(clipsRoot, clipFolderName(entry.label), name);
      const result = await exportClip(entry, path, ledger, { ...options, root });
      results.push({ entry, path, ...result });
      const isKnown = entry.clip === ledger.clipName(path);
      // Copies in another folder are not what the ledger speaks of; a clip that it had none for is, and so is one
      // that an interrupted run had moved.
      if (!isKnown && result.done !== "copied" && result.done !== "failed") {
        const { id: replaces, time: _, ...rest } = entry;
        moved.push({ ...rest, clip: ledger.clipName(path), replaces });
      }
    }
  } finally {
    await ledger.append(moved);
  }
  return results;
}

/** File name of a clip that is cut for a label: recording and onset, so that clips of one recording stay a group. */
export function clipFileName({ recording, onset }: Pick<LabelEntry, "recording" | "onset">): string {
  const stem = basename(recording).replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/[^\w-]+/g, "-");
  return `${stem}_${onset.toFixed(3).padStart(9, "0")}.wav`;
}

async function exportClip(
  entry: LabelEntry,
  path: string,
  ledger: LabelLedger,
  options: {
    readonly root: string;
    readonly recordingPath?: (recording: string) => Promise<string | undefined>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Pick<ExportedClip, "done" | "reason">> {
  const clip = entry.clip === undefined ? undefined : ledger.clipPath(entry.clip);
  if (clip !== undefined && await exists(clip)) {
    if (entry.clip === ledger.clipName(path)) return { done: "kept" };
    const isMove = entry.clip!.startsWith(options.root);
    if (isMove && await exists(path)) return taken(path);
    if (isMove) {
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.rename(clip, path);
      return { done: "moved" };
    }
    return await copyClip(clip, path) ? { done: "copied" } : taken(path);
  }
  if (await exists(path)) return { done: "kept" };
  const recording = entry.recording === entry.clip
    ? undefined
    : await options.recordingPath?.(entry.recording);
  if (recording === undefined) {
    return { done: "failed", reason: "neither its clip nor its recording is on this machine" };
  }
  try {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await cutClip(
      recording,
      entry.onset,
      entry.offset,
      path,
      { signal: options.signal },
    );
    return { done: "cut" };
  } catch (error) {
    if (!(error instanceof AudioError || error instanceof RangeError)) throw error;
    return { done: "failed", reason: error.message };
  }
}

function taken(path: string): Pick<ExportedClip, "done" | "reason"> {
  return { done: "failed", reason: `${path} is another clip of the same name: rename one of the two` };
}
