import { dirname } from "node:path";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { HARVEST_RATE, type WindowSound } from "lib/work/harvest/recording_sound.ts";

/** Samples of a part of a window's sound, cut where the sound ends. */
export function cutSamples({ start, samples }: WindowSound, span: TimeSpan): Float32Array<ArrayBuffer> {
  const at = (time: number) =>
    Math.max(0, Math.min(samples.length, Math.round((time - start) * HARVEST_RATE)));
  return samples.slice(at(span.start), at(span.end));
}

/** What {@link keepClip} did. */
type ClipFate = "written" | "there" | "taken";

/**
 * Writes a clip where there is none.
 *
 * @returns `there` if the very same clip is there already, `taken` if something else has its name; that is left alone.
 */
export async function keepClip(path: string, samples: Float32Array): Promise<ClipFate> {
  const bytes = encodeWav(samples, { sampleRate: HARVEST_RATE });
  let present: Uint8Array | undefined;
  try {
    present = await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (present) {
    const same = present.length === bytes.length && present.every((value, i) => value === bytes[i]);
    return same ? "there" : "taken";
  }
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, bytes);
  return "written";
}
