import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { pictureFeatures } from "lib/show/plots/picture_features.ts";
import { renderSpectrogram, type TimeFrequency } from "lib/show/plots/spectrogram_image.ts";
import { waveformPeaks } from "lib/show/plots/waveform.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { readSound, toBytes } from "lib/web/pages/prepared_clip.ts";
import type { OpenRecording } from "lib/web/pages/recording_media.ts";
import { COLUMN_SECONDS, PEAK_SECONDS, type RecordingSummary } from "lib/web/pages/recording_summary.ts";
import { PEAK_BINS, TILE_HEIGHT, TILE_RATE, TILE_WIDTH, tileSeconds } from "lib/web/pages/tile_grid.ts";

/** Which part of a recording, how fine. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** A spectrogram tile made of the sound itself. */
export async function exactTile(recording: OpenRecording, { level, index }: TilePlace): Promise<Uint8Array> {
  const seconds = tileSeconds(level);
  const size = seconds * TILE_RATE;
  const base = pictureFeatures(TILE_RATE, Math.max(8, Math.floor(size / TILE_WIDTH)));
  // Short views show when something happens, long ones at which frequency.
  const isShort = level <= 2;
  // Half the window lets through 3 dB (noise) to 6 dB (tones) less.
  const config = { ...base, ...(isShort && { winLength: base.nFft / 4, logOffset: 0.45 }) };
  const hop = config.hopLength;
  // What lies beside the tile sounds into its first and last frames.
  const margin = hop * Math.ceil(config.nFft / 2 / hop);
  const samples = await readPadded(recording, index * size - margin, size + 2 * margin);
  const { data, shape: [, M] } = computeLogMel(samples, config);
  const first = margin / hop;
  const frames = Math.max(1, Math.round(size / hop));
  return await picture(recording, {
    data: data.subarray(first * M, (first + frames) * M),
    shape: [frames, M],
  });
}

/** Peaks of a tile made of the sound itself, as signed bytes, shape [{@link PEAK_BINS}, 2]. */
export async function exactPeaks(recording: OpenRecording, { level, index }: TilePlace): Promise<Uint8Array> {
  const size = tileSeconds(level) * TILE_RATE;
  const samples = await readPadded(recording, index * size, size);
  return Uint8Array.from(toBytes(waveformPeaks(samples, PEAK_BINS)), (value) => value & 0xff);
}

/** A spectrogram tile of minutes or hours, from the summary. */
export async function summaryTile(
  recording: OpenRecording,
  summary: RecordingSummary,
  { level, index }: TilePlace,
): Promise<Uint8Array> {
  const M = summary.bands;
  const { low, high } = await recording.levels();
  const columns = tileSeconds(level) / COLUMN_SECONDS;
  const wanted = Math.min(columns, TILE_WIDTH);
  const data = new Float32Array(wanted * M).fill(low);
  const total = summary.columns.length / M;
  for (let column = 0; column < wanted; column++) {
    const from = index * columns + Math.floor(column * columns / wanted);
    const to = Math.min(total, index * columns + Math.floor((column + 1) * columns / wanted));
    if (to <= from) continue;
    for (let m = 0; m < M; m++) {
      // Halfway from the mean to the loudest: a sound of a second stays visible among hours.
      let [sum, most] = [0, 0];
      for (let c = from; c < to; c++) {
        const value = summary.columns[c * M + m]!;
        sum += value;
        if (value > most) most = value;
      }
      data[column * M + m] = low + (high - low) * (sum / (to - from) + most) / 2 / 255;
    }
  }
  return await picture(recording, { data, shape: [wanted, M] });
}

/** Peaks of minutes or hours, from the summary; `bins` pairs of `seconds` from `start` on. */
export function summaryPeaks(
  { peaks }: RecordingSummary,
  { start, seconds, bins }: { readonly start: number; readonly seconds: number; readonly bins: number },
): Int8Array {
  const result = new Int8Array(2 * bins);
  const perBin = seconds / bins / PEAK_SECONDS;
  const first = start / PEAK_SECONDS;
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor(first + bin * perBin);
    const to = Math.min(peaks.length / 2, Math.max(from + 1, Math.floor(first + (bin + 1) * perBin)));
    let [low, high] = [127, -127];
    for (let i = from; i < to; i++) {
      low = Math.min(low, peaks[2 * i]!);
      high = Math.max(high, peaks[2 * i + 1]!);
    }
    if (low <= high) result.set([low, high], 2 * bin);
  }
  return result;
}

/** Sounds that are looked at in place of a long part, and their length in samples. */
const SAMPLED = 128;
const SAMPLE_LENGTH = 1024;

/** A tile, or the peaks, of a long part from short looks into it; for recordings any part of which is read at once. */
export async function sampledLooks(
  recording: OpenRecording,
  { start, seconds }: { readonly start: number; readonly seconds: number },
): Promise<Float32Array<ArrayBuffer>[]> {
  const looks: Float32Array<ArrayBuffer>[] = [];
  for (let i = 0; i < SAMPLED; i++) {
    const at = start + (i + 0.5) * seconds / SAMPLED;
    const from = Math.round(at * TILE_RATE) - SAMPLE_LENGTH / 2;
    looks.push(await readPadded(recording, from, SAMPLE_LENGTH));
  }
  return looks;
}

/** The tile of some looks. */
export async function sampledTile(
  recording: OpenRecording,
  looks: readonly Float32Array[],
): Promise<Uint8Array> {
  const config = pictureFeatures(TILE_RATE, SAMPLE_LENGTH / 2);
  const M = config.nMels;
  const data = new Float32Array(looks.length * M);
  // The middle one of its frames is all inside of a look.
  looks.forEach((samples, i) => data.set(computeLogMel(samples, config).data.subarray(M, 2 * M), i * M));
  return await picture(recording, { data, shape: [looks.length, M] });
}

/** The peaks of some looks, shape [bins, 2]. */
export function sampledPeaks(looks: readonly Float32Array[], bins: number): number[] {
  const pairs = looks.map((samples) => toBytes(waveformPeaks(samples, 1)));
  return Array.from({ length: bins }, (_, bin) => pairs[Math.floor(bin * pairs.length / bins)]!).flat();
}

async function picture(recording: OpenRecording, features: TimeFrequency): Promise<Uint8Array> {
  const { low, high } = await recording.levels();
  return renderSpectrogram(features, { width: TILE_WIDTH, height: TILE_HEIGHT, low, high });
}

/** Samples of a part; silence stands for what lies before the beginning and after the end. */
async function readPadded(
  { path, duration }: OpenRecording,
  first: number,
  count: number,
): Promise<Float32Array<ArrayBuffer>> {
  const samples = new Float32Array(count);
  const from = Math.max(0, first);
  const to = Math.min(first + count, Math.round(duration * TILE_RATE));
  if (to <= from) return samples;
  const window = { start: from / TILE_RATE, duration: (to - from) / TILE_RATE, sampleRate: TILE_RATE };
  // A recording may be damaged in places, or end before its header says so: nothing is heard there.
  const read = await readSound(path, window).catch((error) => {
    if (error instanceof HttpProblem) return new Float32Array(0);
    throw error;
  });
  samples.set(read.subarray(0, to - from), from - first);
  return samples;
}
