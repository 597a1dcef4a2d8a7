import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { exists } from "lib/base/system/exists.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

/**
 * Copies a clip to where nothing is yet, whole or not at all, and makes the folder for it. A file with the same content
 * that is there already counts as the copy.
 *
 * @returns Whether it is there now; false if another file has the name.
 */
export async function copyClip(from: string, to: string): Promise<boolean> {
  if (await exists(to)) return await hashFile(from) === await hashFile(to);
  await Deno.mkdir(dirname(to), { recursive: true });
  await writeFileAtomic(to, await Deno.readFile(from));
  return true;
}

/**
 * Length of a clip, in seconds.
 * @throws {AudioError} If it is no sound.
 */
export async function clipDuration(path: string): Promise<number> {
  const source = await openAudio(path, { sampleRate: 16_000 });
  if (source.duration !== undefined) {
    await source.close();
    return source.duration;
  }
  let samples = 0;
  for await (const block of source.blocks) samples += block.length;
  return samples / source.sampleRate;
}
