import { compareByOnset } from "lib/base/events/sound_event.ts";
import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { silenceValue } from "lib/learning/detect/feature_lanes.ts";
import { closeNetworks, loadNetworks, type NetworksOptions } from "lib/learning/detect/load_networks.ts";
import type { Network } from "lib/learning/detect/network.ts";
import { columnOf, createScoreBytes, joinColumns } from "lib/learning/detect/score_tracks.ts";
import { describeModels, type Search, type SearchOptions } from "lib/learning/detect/search.ts";
import { createSliceEventFinder, type SliceOptions, sliceStart } from "lib/learning/detect/slices.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { createResampler } from "lib/media/audio/resampler.ts";
import type { ReadableRecording } from "lib/media/audio/window_reader.ts";

/** How recordings are searched slice by slice. */
export interface SliceSearchOptions extends NetworksOptions, Omit<SliceOptions, "label" | "threshold"> {
  /** Rate of the template: what lies above half of it in a recording is not heard, in Hz. */
  readonly sampleRate: number;
  /** Sounds to look for; all that the models know by default. */
  readonly events?: readonly string[];
  /** 0.5 by default: a slice is positive when the sound is in it more likely than not. */
  readonly threshold?: number | undefined;
}

/** Slices whose scores are computed at a time. */
const BATCH = 16;

/**
 * A search that cuts a recording into overlapping slices of equal length and scores each as a clip of its own, as
 * the first burp finders did.
 *
 * @throws {RangeError} If an option is out of range, or an event is asked for that no model knows.
 */
export function createSliceSearch(models: readonly ModelPackage[], options: SliceSearchOptions): Search {
  const { sampleRate, threshold = 0.5, ...slicing } = options;
  const known = [...new Set(models.flatMap((model) => model.manifest.eventNames))];
  const labels = options.events ?? known;
  const unknown = labels.find((label) => !known.includes(label));
  if (unknown !== undefined) {
    throw new RangeError(`No model knows the event "${unknown}", only ${known.join(", ")}`);
  }
  const { sliceSeconds, overlap, required = Math.min(2, overlap), locate = "intersection" } = slicing;
  const rules = { sliceSeconds, overlap, required, locate, threshold };
  labels.forEach((label) => createSliceEventFinder({ ...rules, label }));
  let loading: Promise<Network[]> | undefined;

  return {
    description: { kind: "slices", models: describeModels(models), events: labels, sampleRate, ...rules },
    async run(recording, run = {}) {
      const networks = await (loading ??= loadNetworks(models, options));
      const warnings = new Set<string>();
      let duration = 0;
      const tracks: Float32Array[] = [];
      for (const [i, { manifest }] of models.entries()) {
        const scores: number[] = [];
        const onWarning = (text: string) => warnings.add(text);
        const reading = { ...run, onWarning, sampleRate, sliceSeconds, overlap };
        const batches = sliceBatches(recording, manifest, reading, (seconds) => duration = seconds);
        for await (const { logMel, count } of batches) {
          scores.push(...(await networks[i]!.run(logMel, count)).clipScores);
        }
        tracks.push(Float32Array.from(scores));
      }
      const perLabel = labels.map((label) => meanScores(label, models, tracks));
      const events = labels.flatMap((label, k) => {
        const finder = createSliceEventFinder({ ...rules, label });
        return [...finder.push(perLabel[k]!), ...finder.flush(duration)];
      });
      const found: DetectedEvent[] = events.map((event) => ({ ...event, score: event.score ?? 0 }));
      run.onEvents?.(found);
      const grid = { startTime: 0, period: sliceSeconds / overlap };
      const kept = createScoreBytes();
      kept.push(joinColumns(perLabel));
      return {
        events: found.toSorted(compareByOnset),
        duration,
        grid,
        track: { name: "scores", grid, columns: labels, data: kept.all() },
        scores: Float32Array.from(perLabel[0]!, (_, t) => Math.max(...perLabel.map((scores) => scores[t]!))),
        warnings: [...warnings],
      };
    },
    async close() {
      await loading?.then(closeNetworks, () => {});
    },
  };
}

function meanScores(
  label: string,
  models: readonly ModelPackage[],
  tracks: readonly Float32Array[],
): Float32Array {
  const columns = models.flatMap(({ manifest: { eventNames } }, i) => {
    const column = eventNames.indexOf(label);
    return column < 0 ? [] : [columnOf(tracks[i]!, column, eventNames.length)];
  });
  return columns[0]!.map((_, t) => columns.reduce((sum, scores) => sum + scores[t]!, 0) / columns.length);
}

/** Log-mel frames of the slices of a recording, shape [B, T, M], each slice as if it were alone in the world. */
async function* sliceBatches(
  recording: ReadableRecording,
  manifest: Manifest,
  options: SearchOptions & Pick<SliceSearchOptions, "sampleRate" | "sliceSeconds" | "overlap"> & {
    readonly onWarning: (text: string) => void;
  },
  onDuration: (seconds: number) => void,
): AsyncGenerator<{ logMel: Float32Array<ArrayBuffer>; count: number }> {
  const { signal, onWarning, onProgress } = options;
  const features = soundFeatures(manifest);
  const { frameStride } = manifest.architecture;
  const rate = features.sampleRate;
  const readRate = Math.min(options.sampleRate, rate);
  const source = await recording.open({ sampleRate: readRate, onWarning, signal });
  const resampler = createResampler(readRate, rate);
  const sliceLength = secondsToSamples(options.sliceSeconds, rate);
  const frames = Math.ceil((Math.floor(sliceLength / features.hopLength) + 1) / frameStride) * frameStride;
  const size = frames * features.nMels;
  const startOf = (slice: number) =>
    secondsToSamples(sliceStart(slice, { ...options, label: "", threshold: 0 }), rate);

  let held = new Float32Array(0);
  let heldFrom = 0; // index in the recording of the first sample held
  let slice = 0;
  let batch = new Float32Array(BATCH * size).fill(silenceValue(features));
  let count = 0;
  const add = (samples: Float32Array): void => {
    batch.set(computeLogMel(samples, features).data, count * size);
    count++;
    slice++;
  };
  const takeBatch = () => {
    const ready = { logMel: batch.slice(0, count * size), count };
    batch = new Float32Array(BATCH * size).fill(silenceValue(features));
    count = 0;
    return ready;
  };
  async function* resampled(): AsyncGenerator<Float32Array> {
    for await (const block of source.blocks) yield resampler.push(block);
    yield resampler.flush();
  }
  for await (const block of resampled()) {
    const joined = concatenate([held, block]);
    const end = heldFrom + joined.length;
    while (startOf(slice) + sliceLength <= end) {
      const at = startOf(slice) - heldFrom;
      add(joined.subarray(at, at + sliceLength));
      if (count === BATCH) yield takeBatch();
    }
    const keep = Math.min(startOf(slice), end);
    held = joined.slice(keep - heldFrom);
    heldFrom = keep;
    onDuration(end / rate);
    onProgress?.(end / rate, source.duration);
  }
  // The last slices reach beyond the end; what is not there is silence.
  const end = heldFrom + held.length;
  while (startOf(slice) < end) {
    const samples = new Float32Array(sliceLength);
    samples.set(held.subarray(startOf(slice) - heldFrom));
    add(samples);
    if (count === BATCH) yield takeBatch();
  }
  if (count > 0) yield takeBatch();
}
