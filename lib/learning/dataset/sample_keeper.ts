import { join } from "node:path";
import { openStored, placeInWav, type Samples } from "lib/media/audio/stored_samples.ts";

/** Keeps the samples of clips: the first in memory, and from some size on where they lie. */
export interface SampleKeeper {
  /** @param samples What `path` holds from its beginning on, at the rate of the keeper. */
  keep(path: string, samples: Float32Array<ArrayBuffer>): Promise<Samples>;
}

/** Bytes of samples that are kept in memory: 70 minutes of clips at 16 kHz. */
const MEMORY_BYTES = 256 * 2 ** 20;
/** Begins the names of folders of temporary files with samples. */
const SAMPLES_PREFIX = "burp-finder-samples-";

/**
 * Makes what keeps the samples of one set of clips. What does not fit into its memory stays in its file where that is a
 * WAV file that can be read as it is; of all else the samples go into one temporary file, which is removed when the
 * program ends.
 *
 * @param options `sampleRate` is that of the samples, in Hz; `memoryBytes` how much of them stays in memory.
 */
export function createSampleKeeper(
  { sampleRate, memoryBytes = MEMORY_BYTES }: {
    readonly sampleRate: number;
    readonly memoryBytes?: number | undefined;
  },
): SampleKeeper {
  let left = memoryBytes;
  let spool: Promise<{ readonly path: string; readonly file: Deno.FsFile }> | undefined;
  let at = 0;
  return {
    async keep(path, samples) {
      left -= samples.byteLength;
      if (left >= 0) return samples;
      const place = await placeInWav(path, { sampleRate, length: samples.length });
      if (place) return openStored(place);
      const { path: spoolPath, file } = await (spool ??= openSpool());
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
      const start = at;
      at += bytes.length;
      return openStored({ path: spoolPath, at: start, length: samples.length, format: "float32" });
    },
  };
}

/** No training is as long, in milliseconds. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Folders of samples in a folder of temporary files that are a day old: those of programs that were killed.
 * @param nowMs In milliseconds since 1970.
 */
export async function samplesFolders(temporary: string, nowMs: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(temporary)) {
    if (!isDirectory || !name.startsWith(SAMPLES_PREFIX)) continue;
    const path = join(temporary, name);
    const { mtime } = await Deno.lstat(path);
    if (mtime !== null && nowMs - mtime.getTime() > LONGEST_MS) found.push(path);
  }
  return found;
}

async function openSpool(): Promise<{ readonly path: string; readonly file: Deno.FsFile }> {
  const folder = await Deno.makeTempDir({ prefix: SAMPLES_PREFIX });
  globalThis.addEventListener("unload", () => {
    try {
      Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  });
  const path = join(folder, "samples.f32");
  return { path, file: await Deno.open(path, { write: true, createNew: true }) };
}
