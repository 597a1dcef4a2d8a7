import { createHash } from "node:crypto";
import {
  fingerprintRecording,
  type RecordingFingerprint,
} from "lib/media/recording/recording_fingerprint.ts";

/**
 * Id of a VOD: the same on every machine. It can be the name of a folder, as can that of a file.
 *
 * @param platform As the platform calls itself: `twitch`.
 * @returns Such as `twitch-1746376348`.
 */
export function vodRecordingId(platform: string, vodId: string): string {
  return `${platform}-${vodId}`;
}

/**
 * Id of a recording in a file, by its content alone: a copy, or the same file under another name, has the same.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileRecordingId } from "lib/media/recording/recording_id.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.wav`, "sound");
 * await Deno.copyFile(`${folder}/a.wav`, `${folder}/b.wav`);
 * assert.match(await fileRecordingId(`${folder}/a.wav`), /^file-[0-9a-f]{20}$/);
 * assert.equal(await fileRecordingId(`${folder}/a.wav`), await fileRecordingId(`${folder}/b.wav`));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @throws What `Deno.open` throws.
 */
export async function fileRecordingId(path: string): Promise<string> {
  return idOfFingerprint(await fingerprintRecording(path));
}

/** Id of a recording in a file whose fingerprint is known: `file-` and 20 hexadecimal digits. */
export function idOfFingerprint({ size, sha256 }: RecordingFingerprint): string {
  return `file-${createHash("sha256").update(`${size} ${sha256}`).digest("hex").slice(0, 20)}`;
}
