import { basename } from "node:path";
import { AudioError } from "lib/audio/audio_error.ts";
import { openAudio } from "lib/audio/audio_source.ts";
import { openFileBytes } from "lib/audio/byte_source.ts";
import { isWav } from "lib/audio/wav_header.ts";
import { clipDuration } from "lib/dataset/clip_file.ts";
import { computeLogMel } from "lib/features/log_mel.ts";
import { HttpProblem } from "lib/web/http_problem.ts";
import { levelsOf, pictureFeatures, type PictureLevels } from "lib/web/mel_picture.ts";
import { readSound } from "lib/web/prepared_clip.ts";
import type { RecordingFile } from "lib/web/recording_files.ts";
import type { FileScope } from "lib/web/safe_file.ts";
import { TILE_RATE } from "lib/web/tile_grid.ts";

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
  /** What is dark and light in its pictures. */
  readonly levels: PictureLevels;
}

/** Places that are listened to in order to find the levels, and seconds at each. */
const PROBES = 8;
const PROBE_SECONDS = 3;

/** Opens recordings; each is looked into once, and again when its file changes. */
export function createRecordingOpener(scope: FileScope): (file: RecordingFile) => Promise<OpenRecording> {
  const opened = new Map<string, Promise<OpenRecording>>();
  return async (file) => {
    const path = await scope.realFile(file.path);
    const { size, mtime } = await Deno.stat(path);
    const version = `${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}`;
    const key = `${file.id} ${version}`;
    let recording = opened.get(key);
    if (!recording) {
      recording = open(file, path, { size, version });
      // Whatever went wrong may be mended.
      recording.catch(() => opened.delete(key));
      opened.set(key, recording);
    }
    return await recording;
  };
}

async function open(
  file: RecordingFile,
  path: string,
  { size, version }: { readonly size: number; readonly version: string },
): Promise<OpenRecording> {
  try {
    const source = await openAudio(path, { sampleRate: TILE_RATE });
    await source.close();
    const duration = source.duration ?? await clipDuration(path);
    return {
      ...{ file, path, duration, version, sizeBytes: size },
      name: basename(file.path),
      isWav: await hasWavHeader(path),
      levels: await findLevels(path, duration),
    };
  } catch (cause) {
    if (!(cause instanceof AudioError)) throw cause;
    throw new HttpProblem("bad-media", cause.message, undefined, { cause });
  }
}

async function findLevels(path: string, duration: number): Promise<PictureLevels> {
  const spectrograms = [];
  for (let i = 0; i < PROBES; i++) {
    const start = Math.max(0, duration * (i + 0.5) / PROBES - PROBE_SECONDS / 2);
    const window = { start, duration: PROBE_SECONDS, sampleRate: TILE_RATE };
    // A broken place in the midst must not keep the rest from being seen.
    const samples = await readSound(path, window).catch((error) => {
      if (error instanceof HttpProblem) return undefined;
      throw error;
    });
    if (samples) spectrograms.push(computeLogMel(samples, pictureFeatures(TILE_RATE, 512)));
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
