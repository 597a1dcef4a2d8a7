import { InferenceSession, Tensor } from "onnxruntime-node";
import { errorMessage } from "lib/base/system/error_message.ts";
import { CAC_BINS, cacFrames, cacSpectrogram, soundOfCac } from "lib/learning/separate/cac_spectrogram.ts";
import { createHopStream, type HopProcessor } from "lib/learning/separate/hop_stream.ts";
import type { Channels, Separator } from "lib/learning/separate/separator.ts";

const SAMPLE_RATE = 44_100;
/** Stretches overlap by a quarter, and their ends fade into each other. */
const OVERLAP = 0.25;
/** Drums, bass and all else come before the voice. */
const VOICE = 3;

/** What an exported Demucs takes and gives. */
interface Interface {
  readonly waveform: string;
  /** Beside the waveform, a spectrogram with complex numbers as channels. */
  readonly spectrogram?: string | undefined;
  /** Samples N of a stretch. */
  readonly samples: number;
}

/**
 * Tells voice from everything else with Demucs (Rouard et al. 2023) as ONNX, in either of its public forms: waveform [1, 2, N] to
 * sources [1, S, 2, N], or waveform and spectrogram [1, 4, 2048, T] to sources in both, whose sum counts.
 *
 * @throws {Error} If the file is no such network.
 */
export async function openDemucs(path: string): Promise<Separator> {
  const session = await loadSession(path);
  const form = describeInterface(session, path);
  return {
    name: "Demucs",
    sampleRate: SAMPLE_RATE,
    open: (channels) =>
      Promise.resolve(createHopStream(channels, createProcessor(session, form, { channels, path }))),
  };
}

async function loadSession(path: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(await Deno.readFile(path), { logSeverityLevel: 3 });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new Error(`${path}: there is no such file`, { cause });
    throw new Error(`${path}: ONNX Runtime cannot load it: ${errorMessage(cause)}`, { cause });
  }
}

function describeInterface(session: InferenceSession, path: string): Interface {
  const inputs = session.inputMetadata.flatMap((input) => input.isTensor ? [input] : []);
  const waveform = inputs.find(({ shape }) => shape.length === 3);
  const spectrogram = inputs.find(({ shape }) => shape.length === 4);
  const samples = waveform?.shape[2];
  if (
    !waveform || waveform.shape[1] !== 2 || typeof samples !== "number" ||
    inputs.length !== (spectrogram ? 2 : 1)
  ) {
    throw new Error(
      `${path}: this is no Demucs: it must take a waveform of shape [1, 2, N], with or without a spectrogram of shape ` +
        "[1, 4, 2048, T]",
    );
  }
  return { waveform: waveform.name, spectrogram: spectrogram?.name, samples };
}

function createProcessor(
  session: InferenceSession,
  form: Interface,
  { channels, path }: { readonly channels: number; readonly path: string },
): HopProcessor {
  const N = form.samples;
  const hop = Math.max(1, Math.round(N * (1 - OVERLAP)));
  // Demucs hears two channels; a single one is both.
  const history = [new Float32Array(N), new Float32Array(N)];
  const sums = [new Float32Array(N), new Float32Array(N)];
  const weights = new Float32Array(N);
  const weight = Float32Array.from({ length: N }, (_, n) => Math.min(n + 1, N - n) / (N / 2));
  return {
    hop,
    delay: N - hop,
    async process(input, output) {
      history.forEach((samples, c) => {
        samples.copyWithin(0, hop);
        samples.set(input[Math.min(c, channels - 1)]!, N - hop);
      });
      const voice = await runNetwork(session, form, { sound: history, path });
      sums.forEach((sum, c) => voice[c]!.forEach((value, n) => sum[n]! += weight[n]! * value));
      weight.forEach((value, n) => weights[n]! += value);
      for (let n = 0; n < hop; n++) {
        const [left, right] = [sums[0]![n]! / weights[n]!, sums[1]![n]! / weights[n]!];
        output[0]![n] = channels === 1 ? (left + right) / 2 : left;
        if (channels === 2) output[1]![n] = right;
      }
      for (const sum of [...sums, weights]) {
        sum.copyWithin(0, hop);
        sum.fill(0, N - hop);
      }
    },
    close() {},
  };
}

async function runNetwork(
  session: InferenceSession,
  { waveform, spectrogram, samples: N }: Interface,
  { sound, path }: { readonly sound: Channels; readonly path: string },
): Promise<Channels> {
  const feeds: Record<string, Tensor> = {};
  const pairs = new Float32Array(2 * N);
  sound.forEach((samples, c) => pairs.set(samples, c * N));
  feeds[waveform] = new Tensor("float32", pairs, [1, 2, N]);
  if (spectrogram !== undefined) {
    feeds[spectrogram] = new Tensor("float32", cacSpectrogram(sound), [1, 4, CAC_BINS, cacFrames(N)]);
  }
  const outputs = Object.values(await session.run(feeds)) as Tensor[];
  const voice = [new Float32Array(N), new Float32Array(N)];
  let found = false;
  for (const { data, dims } of outputs) {
    const sources = dims[1] ?? 0;
    if (!(data instanceof Float32Array) || sources === 0) continue;
    const size = data.length / sources;
    const source = data.subarray(Math.min(VOICE, sources - 1) * size).subarray(0, size);
    if (dims.length !== 4 && dims.length !== 5) continue;
    const parts = dims.length === 4 ? [source.subarray(0, N), source.subarray(N)] : soundOfCac(source, 2, N);
    voice.forEach((samples, c) => parts[c]!.forEach((value, n) => samples[n]! += value));
    found = true;
  }
  if (!found) {
    throw new Error(`${path}: its outputs are not those of Demucs: none has the shape [1, S, 2, N]`);
  }
  return voice;
}
