import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { type FrameProcessor, type Framing, mostSamples } from "lib/learning/features/frame_stream.ts";
import {
  createMelFilterbank,
  type MelBands,
  type MelFilterbankOptions,
} from "lib/learning/features/mel_filterbank.ts";
import { melKernel } from "lib/learning/features/mel_kernel.ts";
import { realFft } from "lib/learning/features/real_fft.ts";
import { reserveFloats, viewFloats, wasmMemory } from "lib/learning/features/wasm_heap.ts";
import { hannWindow } from "lib/learning/features/window.ts";

/** An affine function of the logarithm: `(log10(power + floor) + offset) / scale`. */
interface LogScaling {
  readonly logFloor: number;
  readonly logOffset: number;
  readonly logScale: number;
}

/** Addresses and ends, in bytes, of what one kind of mel features needs in the WebAssembly heap. */
interface Workspace {
  readonly samples: number;
  readonly window: number;
  readonly power: number;
  readonly table: number;
  readonly weights: number;
  readonly out: number;
}

type MelFraming = Framing & MelBands;

// One workspace for each configuration and thread, never given back: there are few configurations in a process, and
// streams of the same configuration take turns, each keeping its own samples outside.
const workspaces = new Map<string, Workspace>();

function findWorkspace(config: MelFraming, options: MelFilterbankOptions): Workspace {
  const { nFft, winLength = nFft, hopLength, sampleRate, nMels, fMin, fMax } = config;
  const { scale = "slaney", norm = "slaney" } = options;
  const key = [nFft, winLength, hopLength, sampleRate, nMels, fMin, fMax, scale, norm].join();
  const known = workspaces.get(key);
  if (known) return known;
  const filterbank = createMelFilterbank(config, options);
  const table: number[] = [];
  const weights: number[] = [];
  for (let m = 0; m < nMels; m++) {
    const band = [...filterbank.weights.subarray(filterbank.offsets[m]!, filterbank.offsets[m + 1]!)];
    // Zeros fill each band up to whole vectors; an empty band becomes a vector of zeros.
    while (band.length === 0 || band.length % 4 !== 0) band.push(0);
    table.push(filterbank.starts[m]! * 4, band.length * 4);
    weights.push(...band);
  }
  const mostFrames = Math.floor((mostSamples(nFft) - nFft) / hopLength) + 1;
  const workspace: Workspace = {
    samples: reserveFloats(mostSamples(nFft)),
    window: reserveFloats(nFft),
    // Bands that were filled up read up to three zeros beyond the last bin.
    power: reserveFloats(filterbank.nBins + 3),
    table: reserveFloats(table.length),
    weights: reserveFloats(weights.length),
    out: reserveFloats(mostFrames * nMels + 3),
  };
  viewFloats(workspace.window, nFft).set(hannWindow(nFft, winLength));
  viewFloats(workspace.weights, weights.length).set(weights);
  new Int32Array(wasmMemory.buffer, workspace.table, table.length).set(table);
  workspaces.set(key, workspace);
  return workspace;
}

/**
 * Computes mel power (or magnitude), or with `scaling` its logarithm, M values a frame.
 *
 * @throws {RangeError} when `config.nFft` is not a size that the transform takes.
 */
export function createMelProcessor(
  config: MelFraming,
  options: MelFilterbankOptions & {
    readonly scaling?: LogScaling;
    /** What goes through the filters; power by default. */
    readonly spectrum?: FeatureConfig["spectrum"] | undefined;
  } = {},
): FrameProcessor {
  const { nFft, hopLength, nMels } = config;
  const { scaling } = options;
  const fft = realFft(nFft);
  const space = findWorkspace(config, options);
  const powerEnd = space.power + nFft / 2 * 4;
  return (samples, frames, out, at) => {
    const used = (frames - 1) * hopLength + nFft;
    viewFloats(space.samples, used).set(samples.subarray(0, used));
    for (let i = 0; i < frames; i++) {
      const start = space.samples + i * hopLength * 4;
      melKernel.multiply(start, space.window, fft.input, start + nFft * 4);
      fft.transform();
      melKernel.power(fft.output, space.power, powerEnd);
      if (options.spectrum === "magnitude") melKernel.squareRoot(space.power, powerEnd + 4);
      const row = space.out + i * nMels * 4;
      melKernel.bands(space.power, space.table, space.weights, row, row + nMels * 4);
    }
    if (scaling) {
      const { logFloor, logOffset, logScale } = scaling;
      const end = space.out + frames * nMels * 4;
      melKernel.logarithm(space.out, end, logFloor, Math.log10(2) / logScale, logOffset / logScale);
    }
    out.set(viewFloats(space.out, frames * nMels), at);
  };
}
