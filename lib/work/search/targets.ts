import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { RecordingFingerprint } from "lib/media/recording/recording_fingerprint.ts";
import type { SearchedRecording } from "lib/work/search/recordings.ts";
import { readSearchRecord } from "lib/work/search/search_record.ts";

/** A recording to be searched, and where what is found goes. */
export interface Target extends SearchedRecording {
  /** Folder for what is found; undefined where nothing is kept. */
  readonly folder: string | undefined;
}

/**
 * Decides on the folder of each recording: `<output>/<name>`, and `<output>/<name>-<hash of the path>` where that
 * folder belongs to another recording of the same name.
 *
 * @param output Undefined where nothing is kept.
 * @param kind Put behind the name, for searches whose results must not replace those of a model.
 */
export async function planTargets(
  recordings: readonly SearchedRecording[],
  output: string | undefined,
  kind = "",
): Promise<Target[]> {
  const targets: Target[] = [];
  const taken = new Set<string>();
  for (const recording of recordings) {
    if (output === undefined) {
      targets.push({ ...recording, folder: undefined });
      continue;
    }
    const name = kind === "" ? recording.name : `${recording.name}-${kind}`;
    let folder = join(output, name);
    const fingerprint = await recording.fingerprint();
    if (taken.has(folder) || await belongsToAnother(folder, recording.recording, fingerprint)) {
      const hash = createHash("sha256").update(resolve(recording.recording)).digest("hex").slice(0, 8);
      folder = join(output, `${name}-${hash}`);
    }
    taken.add(folder);
    targets.push({ ...recording, folder });
  }
  return targets;
}

async function belongsToAnother(
  folder: string,
  recording: string,
  fingerprint: RecordingFingerprint | undefined,
): Promise<boolean> {
  const record = await readSearchRecord(folder);
  return record !== undefined &&
    resolve(record.recording) !== resolve(recording) &&
    record.fingerprint.sha256 !== fingerprint?.sha256;
}
