import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { type Clip, levelDb } from "lib/learning/dataset/clip.ts";
import { findClipFiles, type SkippedClip } from "lib/learning/dataset/clip_files.ts";
import { clipGroup, type GroupOptions } from "lib/learning/dataset/clip_group.ts";
import { createSampleKeeper, type SampleKeeper } from "lib/learning/dataset/sample_keeper.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { readSamples } from "lib/media/audio/clip.ts";

/** What reading clip folders gave. */
export interface ClipFolders {
  readonly clips: readonly Clip[];
  readonly skipped: readonly SkippedClip[];
}

/** How clips are read. */
export interface ClipFolderOptions extends GroupOptions {
  /** The sample rate of the features, in Hz; clips of any other rate are converted. */
  readonly sampleRate: number;
  /** Name of the event heard in all of them; left out for negatives. */
  readonly event?: string;
  /** Longest part of a clip that is kept, in seconds, so that a forgotten recording does not fill the memory. */
  readonly maxSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  /** Keeps their samples; one for all clips of a training bounds its memory. By default each call has its own. */
  readonly keeper?: SampleKeeper | undefined;
}

/** Below this level a clip holds nothing to learn, in dB relative to full scale. */
const SILENCE_DB = -80;
/** Shorter clips are shorter than any sound that is looked for, in seconds. */
const MIN_SECONDS = 0.05;

/**
 * Reads all clips of some folders, with the folders inside them, in the order of their names. Files that are
 * broken, empty or silent are named and left out.
 *
 * @throws {Deno.errors.NotFound} If a folder is missing.
 */
export async function readClipFolders(
  folders: readonly string[],
  { sampleRate, event, maxSeconds = 60, pattern, signal, keeper = createSampleKeeper({ sampleRate }) }:
    ClipFolderOptions,
): Promise<ClipFolders> {
  const clips: Clip[] = [];
  const skipped: SkippedClip[] = [];
  for (const folder of folders) {
    const files = await findClipFiles(folder);
    skipped.push(...files.skipped);
    for (const path of files.paths) {
      signal?.throwIfAborted();
      const read = await readClip(path, { sampleRate, maxSeconds });
      if (typeof read === "string") skipped.push({ path, reason: read });
      else {
        const name = path.slice(folder.length).replace(/^[/\\]+/, "");
        const group = clipGroup(name, pattern ? { pattern } : {});
        const samples = await keeper.keep(path, read);
        clips.push({ name, path, group, samples, ...(event === undefined ? {} : { event }) });
      }
    }
  }
  return { clips, skipped };
}

/** The samples, or why the clip is not used. */
async function readClip(
  path: string,
  { sampleRate, maxSeconds }: { readonly sampleRate: number; readonly maxSeconds: number },
): Promise<Float32Array<ArrayBuffer> | string> {
  let samples: Float32Array<ArrayBuffer>;
  try {
    samples = await readSamples(path, { sampleRate, duration: maxSeconds });
  } catch (error) {
    if (error instanceof AudioError) return error.message.replace(`${path}: `, "");
    throw error;
  }
  if (samples.length === 0) return "it is empty";
  if (samples.length < secondsToSamples(MIN_SECONDS, sampleRate)) {
    return `it is shorter than ${MIN_SECONDS} s`;
  }
  if (!samples.every(Number.isFinite)) return "it has samples that are not numbers";
  if (levelDb(samples) < SILENCE_DB) return "it is silent";
  return samples;
}
