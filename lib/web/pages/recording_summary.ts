import { errorMessage } from "lib/base/system/error_message.ts";
import { createLogMel } from "lib/learning/features/log_mel.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { pictureFeatures } from "lib/show/plots/picture_features.ts";
import type { DiskCache } from "lib/base/system/disk_cache.ts";
import type { OpenRecording } from "lib/web/pages/recording_media.ts";
import { TILE_RATE } from "lib/web/pages/tile_grid.ts";
import type { WorkLimit } from "lib/work/review/work_limit.ts";

/** A whole recording in few numbers: what views that span minutes and hours are drawn from. */
export interface RecordingSummary {
  /** Minimum and maximum of each {@link PEAK_SECONDS}, shape [P, 2]. */
  readonly peaks: Int8Array;
  /** Mean log-mel level of each {@link COLUMN_SECONDS}, shape [C, M], from 0 (darkest) to 255 (lightest). */
  readonly columns: Uint8Array;
  /** M. */
  readonly bands: number;
}

/** Seconds that a pair of peaks stands for. */
export const PEAK_SECONDS = 0.0625;
/** Seconds that a column stands for. */
export const COLUMN_SECONDS = 0.25;

const PEAK_SAMPLES = PEAK_SECONDS * TILE_RATE;
/** Frames that do not overlap: on average over a column, nothing of the sound is lost. */
const CONFIG = pictureFeatures(TILE_RATE, 1000);
const COLUMN_FRAMES = COLUMN_SECONDS * TILE_RATE / CONFIG.hopLength;
const VERSION = 1;

/** A summary as it comes about. */
export interface SummaryJob {
  /** From 0 to 1. */
  readonly done: number;
  /** There when it is finished. */
  readonly summary: RecordingSummary | undefined;
  /** Why there will be none. */
  readonly problem: string | undefined;
  readonly finished: Promise<void>;
}

/** Makes summaries, one after the other, and keeps them on disk. Ends with `signal`. */
export function createSummaries(
  cache: DiskCache,
  { work: others, signal }: { readonly work: WorkLimit; readonly signal: AbortSignal },
): (recording: OpenRecording) => SummaryJob {
  const jobs = new Map<string, SummaryJob>();
  let last: Promise<void> = Promise.resolve();
  return (recording) => {
    const key = `summary ${VERSION} ${recording.file.id} ${recording.version}`;
    const known = jobs.get(key);
    if (known) return known;
    const job: { -readonly [Key in keyof SummaryJob]: SummaryJob[Key] } = {
      done: 0,
      summary: undefined,
      problem: undefined,
      finished: Promise.resolve(),
    };
    const work = async () => {
      const kept = await cache.find(key);
      let summary = kept && decode(kept);
      if (!summary) {
        summary = await summarise(recording, {
          onProgress: (done) => job.done = done,
          mayGoOn: () => others.idle(),
          signal,
        });
        await cache.keep(key, encode(summary));
      }
      job.summary = summary;
      job.done = 1;
    };
    last = last.then(work).catch((error) => {
      // A server that stops has no time for it; what else goes wrong is shown beside the recording.
      if (!signal.aborted) job.problem = errorMessage(error);
    });
    job.finished = last;
    jobs.set(key, job);
    return job;
  };
}

async function summarise(
  recording: OpenRecording,
  { onProgress, mayGoOn, signal }: {
    readonly onProgress: (done: number) => void;
    readonly mayGoOn: () => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<RecordingSummary> {
  const { path, duration } = recording;
  const levels = await recording.levels();
  const peaks = createGrowing();
  const columns = createGrowing();
  const mel = createLogMel(CONFIG);
  const scale = 255 / (levels.high - levels.low);
  const M = CONFIG.nMels;
  const sums = new Float64Array(M);
  let frames = 0;
  const addFrames = (data: Float32Array) => {
    for (let at = 0; at < data.length; at += M) {
      for (let m = 0; m < M; m++) sums[m] = sums[m]! + data[at + m]!;
      if (++frames < COLUMN_FRAMES) continue;
      for (const sum of sums) columns.push(Math.max(0, Math.min(255, (sum / frames - levels.low) * scale)));
      sums.fill(0);
      frames = 0;
    }
  };
  let [low, high, count, samples] = [Infinity, -Infinity, 0, 0];
  const source = await openAudio(path, { sampleRate: TILE_RATE, signal });
  for await (const block of source.blocks) {
    for (let i = 0; i < block.length; i++) {
      const sample = block[i]!;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
      if (++count < PEAK_SAMPLES) continue;
      peaks.push(toByte(low), toByte(high));
      [low, high, count] = [Infinity, -Infinity, 0];
    }
    addFrames(mel.push(block));
    samples += block.length;
    onProgress(Math.min(0.99, samples / TILE_RATE / duration));
    // Whoever waits for a tile comes first.
    await new Promise((resolve) => setTimeout(resolve, 1));
    await mayGoOn();
  }
  if (count > 0) peaks.push(toByte(low), toByte(high));
  addFrames(mel.flush());
  return { peaks: Int8Array.from(peaks.bytes(), toSigned), columns: columns.bytes(), bands: M };
}

function toByte(sample: number): number {
  return Math.round(127 * Math.max(-1, Math.min(1, sample))) & 0xff;
}

function toSigned(byte: number): number {
  return byte << 24 >> 24;
}

function createGrowing(): { push(...values: number[]): void; bytes(): Uint8Array } {
  let buffer = new Uint8Array(65_536);
  let length = 0;
  return {
    push(...values) {
      if (length + values.length > buffer.length) {
        const larger = new Uint8Array(2 * buffer.length);
        larger.set(buffer);
        buffer = larger;
      }
      buffer.set(values, length);
      length += values.length;
    },
    bytes: () => buffer.slice(0, length),
  };
}

function encode({ peaks, columns, bands }: RecordingSummary): Uint8Array {
  const bytes = new Uint8Array(8 + peaks.length + columns.length);
  new DataView(bytes.buffer).setUint32(0, peaks.length, true);
  new DataView(bytes.buffer).setUint32(4, bands, true);
  bytes.set(new Uint8Array(peaks.buffer, peaks.byteOffset, peaks.length), 8);
  bytes.set(columns, 8 + peaks.length);
  return bytes;
}

/** Undefined for a file that something has damaged. */
function decode(bytes: Uint8Array): RecordingSummary | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [length, bands] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (bands !== CONFIG.nMels || 8 + length > bytes.length) return undefined;
  return {
    peaks: Int8Array.from(bytes.subarray(8, 8 + length), toSigned),
    columns: bytes.slice(8 + length),
    bands,
  };
}
