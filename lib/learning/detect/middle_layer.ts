import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createFeatureLanes } from "lib/learning/detect/feature_lanes.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import { scoreGrid } from "lib/learning/detect/scorer.ts";
import type { TrackExtractor, TrackStream } from "lib/learning/detect/track_extractor.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";

/** What the middle of a network makes of a sound: how it goes on, whatever it is. */
export interface MiddleLayer {
  /** Of the network. */
  readonly modelSha256: string;
  /** Where in time its rows are. */
  readonly grid: TimeGrid;
  /** Values in a row, C. */
  readonly width: number;
  /** Begins with a recording. */
  open(sampleRate: number): TrackStream<Float32Array>;
}

/** Seconds of sound that the network sees at a time. */
const CHUNK_SECONDS = 30;

/**
 * Opens the middle layer of a model.
 *
 * @returns Undefined if the model was exported without it.
 * @throws {ModelPackageError} If the folder is no model.
 */
export async function openMiddleLayer(dir: string): Promise<MiddleLayer | undefined> {
  const model = await openPackage(dir);
  const network = await loadNetwork(model);
  if (!network.describes.has("middle")) return undefined;
  const { manifest } = model;
  const { contextFrames, frameStride } = manifest.architecture;
  const { nMels } = soundFeatures(manifest);
  const width = (await network.embed(new Float32Array(frameStride * nMels), "middle")).length;
  const describe = async (chunk: Float32Array<ArrayBuffer>) => {
    const values = await network.embed(chunk, "middle");
    const context = contextFrames / frameStride * width;
    return values.subarray(context, values.length - context);
  };
  return {
    modelSha256: manifest.modelSha256,
    grid: scoreGrid(manifest),
    width,
    open(sampleRate) {
      const chunks: Float32Array<ArrayBuffer>[] = [];
      const lanes = createFeatureLanes(
        [manifest],
        { sampleRate, chunkSeconds: CHUNK_SECONDS },
        (_, chunk) => void chunks.push(chunk),
      );
      const describeAll = async () => {
        const rows: Float32Array[] = [];
        for (const chunk of chunks.splice(0)) rows.push(await describe(chunk));
        return concatenate(rows);
      };
      return {
        push(samples) {
          lanes.push(samples);
          return describeAll();
        },
        flush() {
          lanes.flush();
          return describeAll();
        },
      };
    },
  };
}

/** Makes a track of mono samples at some rate, in Hz: what the layer makes of them. */
export function middleExtractor(
  { modelSha256, grid, width, open }: MiddleLayer,
  sampleRate: number,
): TrackExtractor<Float32Array> {
  return {
    name: "embedding",
    grid,
    columns: Array.from({ length: width }, (_, column) => String(column)),
    madeBy: { modelSha256, layer: "middle", sampleRate },
    open: () => open(sampleRate),
  };
}

/** Rows of a clip, as many as `seconds` hold: those in which most happens. Shape [k, C]. */
export async function loudestRows(
  { open, width, grid }: MiddleLayer,
  { samples, sampleRate, seconds }: {
    readonly samples: Float32Array;
    readonly sampleRate: number;
    readonly seconds: number;
  },
): Promise<Float32Array> {
  const stream = open(sampleRate);
  const values = concatenate([await stream.push(samples), await stream.flush()]);
  const count = Math.max(1, Math.round(seconds / grid.period)) * width;
  const energyAt = (from: number) => values.subarray(from, from + count).reduce((sum, v) => sum + v * v, 0);
  let [best, most] = [0, -1];
  for (let from = 0; from === 0 || from + count <= values.length; from += width) {
    const energy = energyAt(from);
    if (energy > most) [best, most] = [from, energy];
  }
  return values.slice(best, best + count);
}

/** A value for each row, between them: that of a moment, in seconds. */
export function valueAt(values: Float32Array, grid: TimeGrid, time: number): number {
  const place = (time - grid.startTime) / grid.period - 0.5;
  const row = Math.max(0, Math.min(values.length - 1, Math.floor(place)));
  const share = Math.max(0, Math.min(1, place - row));
  return (1 - share) * (values[row] ?? 0) + share * (values[row + 1] ?? values[row] ?? 0);
}
