import { MissingProgramError, requireProgram } from "lib/system/programs.ts";
import { type RunningProgram, runProgram } from "lib/system/run_program.ts";
import { AudioError } from "lib/audio/audio_error.ts";
import { decodeFrames } from "lib/audio/sample_format.ts";
import {
  declaredSeconds,
  describeDamage,
  describeFailure,
  describesSound,
} from "lib/audio/ffmpeg_messages.ts";
import type { SampleWindow } from "lib/audio/wav_reader.ts";

/** What ffmpeg is to decode: a file, or a stream that it gets on standard input. */
export interface FfmpegInput {
  /** Path or name for messages. */
  readonly name: string;
  /** The file; without it, `stream` is read. */
  readonly path?: string;
  readonly stream?: ReadableStream<Uint8Array>;
}

/** How ffmpeg is run. */
export interface FfmpegDecodeOptions extends SampleWindow {
  readonly signal?: AbortSignal | undefined;
  /** Told one line when the recording turns out to be damaged or cut short. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Hand over every packet at once, for streams that are heard as they are made; costs some speed. */
  readonly live?: boolean | undefined;
}

/** Sound that ffmpeg has begun to decode. */
export interface FfmpegDecoding {
  /** Seconds of the whole recording as its container declares them. */
  readonly seconds: number | undefined;
  /** Mono samples of the window; to be read once. Leaving the loop ends ffmpeg. */
  readonly blocks: AsyncGenerator<Float32Array<ArrayBuffer>, void, void>;
  /** Ends ffmpeg, also before the first block was read. */
  close(): Promise<void>;
}

/**
 * Containers of sound and video, as ffmpeg names them. Playlists and lists of files (hls, dash, concat) are not among them:
 * they would make ffmpeg open other files and addresses that their author chose.
 */
export const FORMATS =
  "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,dtshd,eac3,flac,flv,loas,matroska,webm,mov,mp4," +
  "m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mxf,nut,ogg,rm,tak,truehd,tta,voc,w64,wav,wv";
// Flat to 7.1 of 8 kHz and 68 dB down from there on, about the filter that WAV files meet. ffmpeg's default is as fast and
// lets a fifth above the new Nyquist frequency through; steeper ones take a fifth of the whole decoding's time more.
const RESAMPLING = "filter_size=40:cutoff=0.94:kaiser_beta=6.5";
// Decoders and the resampler need some sound before the start to give what they give in the midst of a recording.
const PREROLL_SECONDS = 1;
const STALL_MS = 120_000;
const READ_AHEAD_BYTES = 2 ** 23;

/**
 * Starts ffmpeg on a recording and waits for its first sound. Several channels are mixed down by ffmpeg; gaps in the
 * time stamps become silence, so that positions are those that a player shows.
 *
 * @throws {AudioError} when there is no ffmpeg, no sound, or nothing that ffmpeg can read.
 */
export async function decodeWithFfmpeg(
  input: FfmpegInput,
  options: FfmpegDecodeOptions,
): Promise<FfmpegDecoding> {
  const { name } = input;
  const ffmpeg = await findFfmpeg(name);
  const stall = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  const seekSeconds = input.path === undefined
    ? 0
    : Math.max(0, Math.floor(options.startSample / options.sampleRate) - PREROLL_SECONDS);
  const program = runProgram(ffmpeg, ffmpegArguments(input, options, seekSeconds), {
    signal,
    ...(input.stream && { stdin: input.stream }),
  });
  const reader = readAhead(
    program.stdout,
    input.stream ? undefined : () => {
      const seconds = STALL_MS / 1000;
      stall.abort(new AudioError(name, `ffmpeg gave nothing for ${seconds} s: the recording may be damaged`));
    },
  ).getReader();
  const nextChunk = async () => (await reader.read()).value;

  const first = await nextChunk();
  const opening = program.stderrTail();
  if (!first) await refuseSilence(program, name, options.startSample > 0);
  const seconds = declaredSeconds(opening);

  async function* blocks(): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
    let skip = options.startSample - seekSeconds * options.sampleRate;
    let left = options.sampleCount;
    let samples = 0;
    let torn: number | undefined;
    try {
      for (let chunk = first; chunk; chunk = await nextChunk()) {
        const whole = torn === undefined ? chunk : prepend(torn, chunk);
        torn = whole.length % 2 === 1 ? whole.at(-1) : undefined;
        const block = decodeFrames(whole, { format: "pcm16", channels: 1 });
        samples += block.length;
        const cutOff = Math.min(skip, block.length);
        skip -= cutOff;
        const part = block.subarray(cutOff, cutOff + Math.min(left, block.length));
        left -= part.length;
        if (part.length > 0) yield part;
        if (left <= 0) return;
      }
      const { success } = await program.status;
      const readSeconds = seekSeconds + samples / options.sampleRate;
      const damage = describeDamage({ opening, ending: program.stderrTail(), success, readSeconds });
      if (damage) options.onWarning?.(`${name}: ${damage}`);
    } finally {
      await reader.cancel();
    }
  }

  return { seconds, blocks: blocks(), close: () => reader.cancel() };
}

function ffmpegArguments(
  input: FfmpegInput,
  { sampleRate, startSample, sampleCount, live }: FfmpegDecodeOptions,
  seekSeconds: number,
): string[] {
  const wantedSeconds = Math.ceil((startSample + sampleCount) / sampleRate) - seekSeconds;
  return [
    // Levels are named so that errors can be told from the description of the input, which has the duration.
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "level+info"],
    ...["-protocol_whitelist", input.path === undefined ? "pipe" : "file", "-format_whitelist", FORMATS],
    // By default ffmpeg looks at five seconds before it gives the first sound.
    ...(live ? ["-analyzeduration", "1000000", "-probesize", "1000000"] : []),
    ...(seekSeconds > 0 ? ["-ss", String(seekSeconds)] : []),
    ...["-i", input.path === undefined ? "pipe:0" : `file:${input.path}`],
    ...(Number.isFinite(wantedSeconds) ? ["-t", String(wantedSeconds)] : []),
    ...["-map", "0:a:0", "-af", `aresample=${sampleRate}:${RESAMPLING}:async=1:first_pts=0`],
    ...["-ac", "1", "-ar", String(sampleRate)],
    // One write per packet would double the time that pipe and reader take.
    ...(live ? [] : ["-flush_packets", "0"]),
    ...["-f", "s16le", "pipe:1"],
  ];
}

/**
 * Reads on while the caller is busy with earlier samples. A pipe holds half a millisecond of ffmpeg's work: without this,
 * ffmpeg would stand still during every wait of the caller.
 *
 * @param onStall Called when nothing came for a long time, which a file has no reason for.
 */
function readAhead(
  stdout: ReadableStream<Uint8Array>,
  onStall: (() => void) | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stdout.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const timer = onStall && setTimeout(onStall, STALL_MS);
      try {
        const { value, done } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: READ_AHEAD_BYTES, size: (chunk) => chunk.length });
}

async function findFfmpeg(name: string): Promise<string> {
  try {
    return (await requireProgram("ffmpeg")).path;
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    throw new AudioError(name, `only WAV files can be read without ffmpeg. ${error.message}`, {
      cause: error,
    });
  }
}

/** Explains why ffmpeg gave nothing, unless it was asked for a part beyond the end of a recording that it knows. */
async function refuseSilence(program: RunningProgram, name: string, mayBeEmpty: boolean): Promise<void> {
  await program.status;
  const messages = program.stderrTail();
  if (mayBeEmpty && describesSound(messages)) return;
  throw new AudioError(name, describeFailure(messages));
}

function prepend(byte: number, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunk.length + 1);
  joined[0] = byte;
  joined.set(chunk, 1);
  return joined;
}
