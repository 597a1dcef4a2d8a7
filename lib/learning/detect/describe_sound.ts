import { concatenate } from "lib/base/numbers/concatenate.ts";
import { silenceValue } from "lib/learning/detect/feature_lanes.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { createResampler } from "lib/media/audio/resampler.ts";

/** Describes a short sound by numbers that are alike for sounds that are alike, shape [D]. */
type DescribeSound = (samples: Float32Array, sampleRate: number) => Promise<Float32Array>;

/**
 * Opens a model that describes sounds, as the pre-trained listener does: by mean and highest value over the sound of what it
 * makes of each moment.
 *
 * @throws {ModelPackageError} If the folder is no model, or one that cannot describe sounds.
 */
export async function openSoundDescriber(dir: string): Promise<DescribeSound> {
  const model = await openPackage(dir);
  const network = await loadNetwork(model);
  const features = soundFeatures(model.manifest);
  const { frameStride, contextFrames } = model.manifest.architecture;
  const M = features.nMels;
  return async (samples, sampleRate) => {
    const resampler = createResampler(sampleRate, features.sampleRate);
    const resampled = concatenate([resampler.push(samples), resampler.flush()]);
    const { data, shape: [T] } = computeLogMel(resampled, features);
    const rows = Math.ceil(T / frameStride);
    const frames = rows * frameStride + 2 * contextFrames;
    const logMel = new Float32Array(frames * M).fill(silenceValue(features));
    logMel.set(data, contextFrames * M);
    const values = await network.embed(logMel);
    const width = values.length * frameStride / frames;
    const first = contextFrames / frameStride;
    const described = new Float32Array(2 * width);
    for (let row = first; row < first + rows; row++) {
      for (let c = 0; c < width; c++) {
        const value = values[row * width + c]!;
        described[c]! += value / rows;
        described[width + c] = Math.max(described[width + c]!, value);
      }
    }
    return described;
  };
}
