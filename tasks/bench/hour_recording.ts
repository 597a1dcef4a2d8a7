import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { createWavWriter } from "lib/media/audio/wav_writer.ts";

const SAMPLE_RATE = 16_000;
const PIECE_SECONDS = 180;
const PIECES = 20;

/**
 * Writes an hour of synthesised stream as WAV, another one for each seed, so that no cache of files or results helps.
 * Three minutes are synthesised and repeated at twenty levels: what is in them changes no time.
 *
 * @returns The path of the file.
 */
export async function writeHourWav(folder: string, seed: string): Promise<string> {
  const plan = { durationSeconds: PIECE_SECONDS, seed };
  const stream = synthesizeStream({
    ...plan,
    events: planEvents({ ...plan, count: 4 }),
    sampleRate: SAMPLE_RATE,
  });
  const blocks = await Array.fromAsync(stream.blocks);
  const path = join(folder, `${seed}.wav`);
  const writer = await createWavWriter(path, { sampleRate: SAMPLE_RATE });
  try {
    for (let piece = 0; piece < PIECES; piece++) {
      for (const block of blocks) await writer.write(block.map((value) => value * (1 - piece / 40)));
    }
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return path;
}

/** Encodes a recording as AAC in stereo at 48 kHz, as VODs have it; gives the path of the new file. */
export async function encodeAac(wavPath: string, signal: AbortSignal): Promise<string> {
  const ffmpeg = await requireProgram("ffmpeg");
  const path = wavPath.replace(/\.wav$/, ".m4a");
  const format = ["-ac", "2", "-ar", "48000", "-c:a", "aac", "-b:a", "128k"];
  await runToEnd(ffmpeg.path, ["-v", "error", "-y", "-i", wavPath, ...format, path], { signal });
  return path;
}
