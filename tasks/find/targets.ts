import { createHash } from "node:crypto";
import { basename, extname, join, resolve } from "node:path";
import { readSearchRecord } from "lib/detect/search_record.ts";
import { fingerprintRecording, type RecordingFingerprint } from "lib/detect/recording_fingerprint.ts";

/** A recording to be searched, and where what is found goes. */
export interface Target {
  readonly recording: string;
  /** Name of the recording, without folders and ending. */
  readonly name: string;
  /** Undefined where nothing is kept, or the recording cannot be opened. */
  readonly fingerprint: RecordingFingerprint | undefined;
  /** Folder for what is found; undefined where nothing is kept. */
  readonly folder: string | undefined;
}

/**
 * Decides on the folder of each recording: `<output>/<name>`, and `<output>/<name>-<hash of the path>` where that
 * folder belongs to another recording of the same name.
 *
 * @param output Undefined where nothing is kept.
 */
export async function planTargets(
  recordings: readonly string[],
  output: string | undefined,
): Promise<Target[]> {
  const targets: Target[] = [];
  const taken = new Set<string>();
  for (const recording of recordings) {
    const name = basename(recording, extname(recording)) || basename(recording);
    // What is wrong with a recording is said when it is searched.
    const fingerprint = await fingerprintRecording(recording).catch(() => undefined);
    if (output === undefined) {
      targets.push({ recording, name, fingerprint, folder: undefined });
      continue;
    }
    let folder = join(output, name);
    if (taken.has(folder) || await belongsToAnother(folder, recording, fingerprint)) {
      const hash = createHash("sha256").update(resolve(recording)).digest("hex").slice(0, 8);
      folder = join(output, `${name}-${hash}`);
    }
    taken.add(folder);
    targets.push({ recording, name, fingerprint, folder });
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
