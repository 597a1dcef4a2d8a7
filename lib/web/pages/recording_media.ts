import { basename } from "node:path";
import { z } from "zod";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { recordingLength } from "lib/media/audio/recording_length.ts";
import { isWav } from "lib/media/audio/wav_header.ts";
import { pictureFeatures } from "lib/show/plots/picture_features.ts";
import type { TimeFrequency } from "lib/show/plots/spectrogram_image.ts";
import type { DiskCache } from "lib/base/system/disk_cache.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { levelsOf, type PictureLevels } from "lib/web/pages/mel_picture.ts";
import { readSound } from "lib/web/pages/prepared_clip.ts";
import type { RecordingFile } from "lib/work/review/recording_files.ts";
import type { FileScope } from "lib/work/review/file_scope.ts";
import { TILE_RATE } from "lib/web/pages/tile_grid.ts";
import { createWorkLimit } from "lib/work/review/work_limit.ts";

/** A recording that was looked into. */
export interface OpenRecording {
  readonly file: RecordingFile;
  /** Where it really lies. */
  readonly path: string;
  readonly name: string;
  readonly duration: number;
  readonly sizeBytes: number;
  /** Whether any part of it can be read at once, so that it may be sampled. */
  readonly isWav: boolean;
  /** Changes with the file. */
  readonly version: string;
  /**
   * What is dark and light in its pictures; listens to it in several places when asked for the first time, so that lists of
   * recordings must not ask.
   */
  readonly levels: () => Promise<PictureLevels>;
}

/** Places that are listened to in order to find the levels, and seconds at each. */
const PROBES = 8;
const PROBE_SECONDS = 3;

/** Recordings that are looked into at once: ffmpeg is started for most of them. */
const AT_ONCE = 3;
/** Changes when what is kept of recordings is found otherwise. */
const VERSION = 1;

/** Opens recordings; each is looked into once, and again when its file changes. What is found is kept in `cache`. */
export function createRecordingOpener(
  scope: FileScope,
  cache: DiskCache,
): (file: RecordingFile) => Promise<OpenRecording> {
  const opened = new Map<string, Promise<OpenRecording>>();
  const work = createWorkLimit(AT_ONCE, Infinity);
  return async (file) => {
    const path = await scope.realFile(file.path);
    const { size, mtime } = await Deno.stat(path);
    const version = `${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}`;
    const key = `${file.id} ${version}`;
    let recording = opened.get(key);
    if (!recording) {
      recording = open(file, path, {
        size,
        version,
        keep: (what, schema, find) =>
          keepNumbers(cache, { key: `${what} ${VERSION} ${key}`, schema, find: () => work.run(find) }),
      });
      // Whatever went wrong may be mended.
      recording.catch(() => opened.delete(key));
      opened.set(key, recording);
    }
    return await recording;
  };
}

const durationSchema = z.strictObject({ duration: z.number().nonnegative() });
const levelsSchema = z.strictObject({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high);

/** Finds something out once in the life of the cache. */
async function keepNumbers<N>(
  cache: DiskCache,
  { key, schema, find }: {
    readonly key: string;
    readonly schema: z.ZodType<N>;
    readonly find: () => Promise<N>;
  },
): Promise<N> {
  const encode = (value: N) => new TextEncoder().encode(JSON.stringify(value));
  let found: N | undefined;
  const bytes = await cache.get(key, async () => {
    found = await find();
    return encode(found);
  });
  try {
    return found ?? schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    // Something has damaged the file.
    found = await find();
    // Nobody needs it on disk, such as on a full one.
    await cache.keep(key, encode(found)).catch(() => {});
    return found;
  }
}

async function open(
  file: RecordingFile,
  path: string,
  { size, version, keep }: {
    readonly size: number;
    readonly version: string;
    readonly keep: <N>(what: string, schema: z.ZodType<N>, find: () => Promise<N>) => Promise<N>;
  },
): Promise<OpenRecording> {
  try {
    const { duration } = await keep(
      "duration",
      durationSchema,
      async () => ({ duration: await recordingLength(path, { sampleRate: TILE_RATE }) }),
    );
    let levels: Promise<PictureLevels> | undefined;
    return {
      file,
      path,
      duration,
      version,
      sizeBytes: size,
      name: basename(file.path),
      isWav: await hasWavHeader(path),
      levels() {
        if (levels) return levels;
        levels = keep("levels", levelsSchema, () => findLevels(path, duration));
        // The next one who asks may have more luck.
        levels.catch(() => levels = undefined);
        return levels;
      },
    };
  } catch (cause) {
    if (!(cause instanceof AudioError)) throw cause;
    throw new HttpProblem("bad-media", cause.message, undefined, { cause });
  }
}

async function findLevels(path: string, duration: number): Promise<PictureLevels> {
  const spectrograms: TimeFrequency[] = [];
  // One after the other: each may start ffmpeg, and other recordings are looked into at the same time.
  for (let i = 0; i < PROBES; i++) {
    const start = Math.max(0, duration * (i + 0.5) / PROBES - PROBE_SECONDS / 2);
    const window = { start, duration: PROBE_SECONDS, sampleRate: TILE_RATE };
    try {
      spectrograms.push(computeLogMel(await readSound(path, window), pictureFeatures(TILE_RATE, 512)));
    } catch (error) {
      // A broken place in the midst must not keep the rest from being seen.
      if (!(error instanceof HttpProblem)) throw error;
    }
  }
  return levelsOf(spectrograms);
}

async function hasWavHeader(path: string): Promise<boolean> {
  const source = await openFileBytes(path);
  try {
    return isWav(await source.peek(4096));
  } finally {
    await source.close();
  }
}
