import type { Clip } from "lib/learning/dataset/clip.ts";
import type { SkippedClip } from "lib/learning/dataset/clip_files.ts";
import { type ClipFolderOptions, readClipFolders } from "lib/learning/dataset/clip_folder.ts";
import { findLabelledFolders, folderLabel } from "lib/learning/dataset/labelled_folder.ts";

/** Clips with what they are, and files that could not be used. */
interface LabelledClips {
  /** Clips of the event have `event`, others have not. */
  readonly clips: readonly Clip[];
  readonly skipped: readonly SkippedClip[];
}

/** How a folder says what its clips are. */
export interface LabelledClipOptions extends Omit<ClipFolderOptions, "event"> {
  readonly event: string;
  /** Whether files that end in `_a` hold the event and those that end in `_b` do not; else it is the other way round. */
  readonly aIsEvent: boolean;
}

/** The class in a file's name: `episode12_a.wav`. */
const SUFFIX = /_([ab])\.[A-Za-z0-9]{1,5}$/i;

/**
 * Reads clips to evaluate a model on: folders whose names say what is in them (`burps-audio`, `not-burps-audio`, at any
 * depth), and folders in which the files' names end in `_a` or `_b`.
 *
 * @throws {RangeError} If a folder says neither.
 */
export async function readLabelledClips(
  folders: readonly string[],
  { event, aIsEvent, ...options }: LabelledClipOptions,
): Promise<LabelledClips> {
  const clips: Clip[] = [];
  const skipped: SkippedClip[] = [];
  for (const folder of folders) {
    const own = folderLabel(folder, [event]);
    const labelled = own === undefined
      ? await findLabelledFolders(folder, [event])
      : [{ path: folder, label: own }];
    for (const { path, label } of labelled) {
      const read = await readClipFolders([path], { ...options, ...(label === event ? { event } : {}) });
      clips.push(...read.clips);
      skipped.push(...read.skipped);
    }
    if (labelled.length > 0) continue;
    const read = await readClipFolders([folder], options);
    let known = 0;
    for (const clip of read.clips) {
      const letter = SUFFIX.exec(clip.path)?.[1]?.toLowerCase();
      if (letter === undefined) {
        skipped.push({ path: clip.path, reason: "its name ends neither in _a nor in _b" });
        continue;
      }
      known++;
      clips.push((letter === "a") === aIsEvent ? { ...clip, event } : clip);
    }
    if (known === 0) {
      throw new RangeError(
        `${folder}: nothing says what its clips are; name folders ${event}-audio and not-${event}-audio, or let the ` +
          "names of the files end in _a and _b",
      );
    }
    skipped.push(...read.skipped);
  }
  return { clips, skipped };
}
