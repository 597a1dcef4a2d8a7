import { AudioError } from "lib/media/audio/audio_error.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import type { DiskCache } from "lib/base/system/disk_cache.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import type { FileScope } from "lib/work/review/file_scope.ts";
import type { ClipHearing, HeardClip } from "lib/work/review/clip_hearing.ts";
import { HARVEST_RATE } from "lib/work/harvest/recording_sound.ts";

/** Sound in a file: all of it, or the part that begins at `start`; both in seconds. */
export interface SoundPlace {
  readonly path: string;
  readonly start?: number;
  readonly duration?: number | undefined;
}

/** Gives what is heard at a place, `undefined` where nothing can be read. */
export type HearPlace = (place: SoundPlace, signal?: AbortSignal) => Promise<HeardClip | undefined>;

/** What is heard of a sound at most, in seconds. */
const LONGEST = 5;

/** Hears sounds in files, and keeps what was heard: each takes some hundredths of a second. */
export function hearFiles(
  hearing: ClipHearing,
  { scope, cache }: { readonly scope: FileScope; readonly cache: DiskCache },
): HearPlace {
  return async ({ path, start = 0, duration = LONGEST }, signal) => {
    try {
      const file = await scope.realFile(path);
      const { size, mtime } = await Deno.stat(file);
      const part = { start, duration: Math.min(LONGEST, duration) };
      const key = JSON.stringify([hearing.id, file, size, mtime?.getTime(), part.start, part.duration]);
      const bytes = await cache.get(key, async () => {
        const options = { sampleRate: HARVEST_RATE, ...part, signal };
        const samples = Float32Array.from(await readSamples(file, options));
        if (samples.length === 0) return new Uint8Array();
        const { scores, embedding } = await hearing.hear(samples, signal);
        return new Uint8Array(Float32Array.of(...scores, ...embedding).buffer);
      });
      if (bytes.length === 0) return undefined;
      const values = new Float32Array(bytes.slice().buffer);
      return {
        scores: [...values.subarray(0, hearing.models)],
        embedding: values.slice(hearing.models),
      };
    } catch (error) {
      if (!(error instanceof AudioError || error instanceof ReviewError)) throw error;
      // It will be said when it is its turn to be heard.
      return undefined;
    }
  };
}
