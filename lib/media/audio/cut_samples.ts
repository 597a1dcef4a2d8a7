import { basename, dirname, extname, join } from "node:path";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { writeFfmetadata } from "lib/base/events/ffmetadata.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { ProgramError, runProgram, runToEnd } from "lib/base/system/run_program.ts";
import { FORMATS } from "lib/media/audio/ffmpeg_run.ts";
import { keepSamples, type SampleSpan } from "lib/media/audio/keep_samples.ts";
import type { SoundFacts } from "lib/media/audio/sound_facts.ts";

const INPUT = ["-protocol_whitelist", "file,pipe", "-format_whitelist", `${FORMATS},f64le,ffmetadata`];

/** What is kept of a sound, and how it is written. */
export interface CutSamplesOptions {
  readonly facts: SoundFacts;
  /** Counted at the sound's own rate; as of {@linkcode keepSamples}. */
  readonly kept: readonly SampleSpan[];
  /** Samples of a crossfade. */
  readonly fade: number;
  /** Chapters of what is written. */
  readonly chapters: readonly SoundEvent[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a sound without some of it, to the sample, with the same codec, tags and cover. What a codec without loss keeps, it
 * keeps to the bit; others encode everything anew. The file appears when it is whole.
 *
 * @returns Samples that were written.
 * @throws {ProgramError} If ffmpeg cannot read or write it.
 */
export async function cutSamples(path: string, outPath: string, options: CutSamplesOptions): Promise<number> {
  const { facts, kept, fade, chapters, signal } = options;
  const { sampleRate, channels } = facts;
  const { path: ffmpeg } = await requireProgram("ffmpeg");
  const temporary = join(dirname(outPath), `.${Deno.pid}-${basename(outPath)}${extname(outPath)}`);
  const titles = `${temporary}.chapters`;
  const quiet = ["-hide_banner", "-nostats", "-loglevel", "error", "-y"];
  const raw = ["-f", "f64le", "-c:a", "pcm_f64le"];
  const decoder = runProgram(ffmpeg, [
    ...quiet,
    ...INPUT,
    "-i",
    `file:${path}`,
    "-map",
    "0:a:0",
    ...raw,
    "pipe:1",
  ], {
    signal,
  });
  let samples = 0;
  const sound = async function* () {
    for await (const block of keepSamples(wholeFrames(decoder.stdout, channels), { channels, kept, fade })) {
      samples += block.length / channels;
      yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
    }
  };
  try {
    await Deno.writeTextFile(titles, writeFfmetadata(chapters));
    await runToEnd(ffmpeg, [
      ...[...quiet, "-f", "f64le", "-ar", `${sampleRate}`, "-ac", `${channels}`, "-i", "pipe:0"],
      ...[...INPUT, "-i", `file:${path}`, "-f", "ffmetadata", "-i", `file:${titles}`],
      ...["-map", "0:a", "-map", "1:v?", "-map_metadata", "1", "-map_chapters", "2", "-c:v", "copy"],
      ...["-disposition:v", "attached_pic", ...encoding(facts), ...vorbisChapters(facts, chapters)],
      `file:${temporary}`,
    ], { stdin: ReadableStream.from(sound()), signal });
    const { success, code } = await decoder.status;
    if (!success) throw new ProgramError(`${path}: ffmpeg cannot read all of it`, code, decoder.stderrTail());
    await Deno.rename(temporary, outPath);
    return samples;
  } finally {
    for (const rest of [temporary, titles]) await Deno.remove(rest).catch(() => {});
  }
}

/** Blocks of whole frames out of bytes as they come. */
async function* wholeFrames(bytes: ReadableStream<Uint8Array>, channels: number) {
  const frameBytes = 8 * channels;
  let rest = new Uint8Array();
  for await (const chunk of bytes) {
    const all = new Uint8Array(rest.length + chunk.length);
    all.set(rest);
    all.set(chunk, rest.length);
    const whole = all.length - all.length % frameBytes;
    rest = all.slice(whole);
    if (whole > 0) yield new Float64Array(all.buffer, 0, whole / 8);
  }
}

/** The codec of the file, as it was; where it loses sound, at its bit rate. */
function encoding({ codec, sampleFormat, bitrate }: SoundFacts): string[] {
  const encoder = { mp3: "libmp3lame", opus: "libopus", vorbis: "libvorbis" }[codec] ?? codec;
  if (codec === "flac") return ["-c:a", encoder, "-sample_fmt", sampleFormat];
  if (codec.startsWith("pcm_") || bitrate === undefined) return ["-c:a", encoder];
  return ["-c:a", encoder, "-b:a", `${bitrate}`];
}

/** FLAC files have their chapters in tags, which ffmpeg reads and does not write. */
function vorbisChapters({ codec }: SoundFacts, chapters: readonly SoundEvent[]): string[] {
  if (codec !== "flac") return [];
  // A name must not come before its time: the tag that ffmpeg itself replaces would bring the last one to the front.
  const order = ["-metadata", "encoder="];
  const tags = chapters.flatMap(({ onset, label }, i) => {
    const name = `CHAPTER${String(i).padStart(3, "0")}`;
    const clock = new Date(Math.round(onset * 1000)).toISOString().slice(11, 23);
    return ["-metadata", `${name}=${clock}`, "-metadata", `${name}NAME=${label}`];
  });
  return [...order, ...tags];
}
