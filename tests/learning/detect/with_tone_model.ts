import { join } from "node:path";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { frequencyOfBands, type Tone, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { type ToneModelOptions, writeToneModel } from "tests/learning/model_package/tone_model.ts";

/** A recording of 20 s with two low tones and a high one, for a model that knows `low` and `high`. */
export const TONES: readonly (Tone & { readonly label: string })[] = [
  { onset: 2, offset: 3, frequency: frequencyOfBands(0), label: "low" },
  { onset: 5, offset: 5.5, frequency: frequencyOfBands(4), label: "high" },
  { onset: 19.5, offset: 20, frequency: frequencyOfBands(0), label: "low" },
];

/** What a test finds in its scratch folder. */
export interface ToneFolder {
  readonly folder: string;
  readonly model: ModelPackage;
  /** Path of the model's folder. */
  readonly modelDir: string;
  /** Path of the recording with {@linkcode TONES}. */
  readonly recording: string;
}

/** Runs `check` with a tone model and a recording in a scratch folder. */
export async function withToneModel(
  check: (tones: ToneFolder) => Promise<void>,
  options: ToneModelOptions = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const modelDir = join(folder, "model");
    await writeToneModel(modelDir, { eventNames: ["low", "high"], ...options });
    const recording = join(folder, "tones.wav");
    await writeWav(recording, toneRecording(20, TONES), { sampleRate: 8000, format: "float32" });
    await check({ folder, model: await openPackage(modelDir), modelDir, recording });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
