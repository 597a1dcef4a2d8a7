import { MissingProgramError, requireProgram } from "lib/base/system/programs.ts";
import { type RunningProgram, runProgram } from "lib/base/system/run_program.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { describeFailure, describesSound, startSeconds } from "lib/media/audio/ffmpeg_messages.ts";
import { createNutReader } from "lib/media/audio/nut_reader.ts";
import type { StampedSound } from "lib/media/audio/timeline.ts";
import type { SampleWindow } from "lib/media/audio/wav_reader.ts";

/** What ffmpeg is to decode: a file, or a stream that it gets on standard input. */
export interface FfmpegInput {
  /** Path or name for messages. */
  readonly name: string;
  /** The file; without it, `stream` is read. */
  readonly path?: string | undefined;
  readonly stream?: ReadableStream<Uint8Array> | undefined;
}

/** How ffmpeg is run. */
export interface FfmpegDecodeOptions extends SampleWindow {
  readonly signal?: AbortSignal | undefined;
  /** Told one line when the recording turns out to be damaged or cut short. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Told one line of what there is to know of the recording, which is nothing wrong. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Number, language or title of the audio track; by default the one that players play. */
  readonly track?: string | undefined;
  /** Hand over every packet at once, for streams that are heard as they are made; costs some speed. */
  readonly live?: boolean | undefined;
  /** Give left and right by turns where there are two channels, and mix nothing. */
  readonly keepChannels?: boolean | undefined;
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
const STALL_MS = 120_000;
const READ_AHEAD_BYTES = 2 ** 23;
/** Chapters and tags stand between the duration and the streams, and some recordings have thousands. */
const MESSAGE_CHARACTERS = 2 ** 18;
/** Time stamps have this many values, from {@linkcode EARLIEST} on; what is above them counts clocks. */
const TIMES = 2 ** 34;
const EARLIEST = -(2 ** 31);

/** Sound as it comes out of ffmpeg. */
export type Packet = StampedSound<Uint8Array<ArrayBuffer>>;

/** An ffmpeg that has given its first sound. */
export interface FfmpegRun {
  readonly program: RunningProgram;
  /** Messages up to the first sound. */
  readonly opening: string;
  readonly channels: number;
  readonly first: readonly Packet[];
  /** Packets after the first; empty at the end. */
  next(): Promise<readonly Packet[]>;
  close(): Promise<void>;
}

/**
 * Starts ffmpeg and waits for its first sound.
 *
 * @param seekSeconds Where it is to jump first; 0 reads from the beginning.
 * @param track Audio track, from 1.
 * @throws {AudioError} When there is no ffmpeg, no sound, or nothing that ffmpeg can read.
 */
export async function startFfmpeg(
  input: FfmpegInput,
  options: FfmpegDecodeOptions,
  seekSeconds: number,
  track: number,
): Promise<FfmpegRun> {
  const { name } = input;
  const ffmpeg = await findFfmpeg(name);
  const stall = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  const program = runProgram(ffmpeg, ffmpegArguments(input, options, seekSeconds, track), {
    signal,
    stderrCharacters: MESSAGE_CHARACTERS,
    ...(input.stream && { stdin: input.stream }),
  });
  const reader = readAhead(
    program.stdout,
    input.stream ? undefined : () => {
      const seconds = STALL_MS / 1000;
      stall.abort(new AudioError(name, `ffmpeg gave nothing for ${seconds} s: the recording may be damaged`));
    },
  ).getReader();
  const nut = createNutReader();
  let zero = 0;
  const next = async (): Promise<Packet[]> => {
    while (true) {
      const { value } = await reader.read();
      if (!value) return [];
      const packets = nut.push(value);
      if (packets.length === 0) continue;
      const frameBytes = 2 * nut.channels;
      return packets.map(({ pts, bytes }) => ({
        time: pts - Math.floor((pts - EARLIEST) / TIMES) * TIMES - zero,
        length: bytes.length / frameBytes,
        payload: bytes,
      }));
    }
  };
  const early = await next();
  if (early.length === 0) await refuseSilence(program, name, options.startSample > 0);
  // ffmpeg describes both sides before it gives the first sound, though through another pipe.
  const opening = await program.stderrWith(/\[info\] Output #0, nut/);
  zero = startSeconds(opening) * options.sampleRate;
  const first = early.map((packet) => ({ ...packet, time: packet.time - zero }));
  return { program, opening, channels: nut.channels, first, next, close: () => reader.cancel() };
}

function ffmpegArguments(
  input: FfmpegInput,
  { sampleRate, live }: FfmpegDecodeOptions,
  seekSeconds: number,
  track: number,
): string[] {
  return [
    // Levels are named so that errors can be told from the description of the input, which has the duration.
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "level+info"],
    ...["-protocol_whitelist", input.path === undefined ? "pipe" : "file", "-format_whitelist", FORMATS],
    // By default ffmpeg looks at five seconds before it gives the first sound.
    ...(live ? ["-analyzeduration", "1000000", "-probesize", "1000000"] : []),
    // ffmpeg neither moves time stamps nor cuts by them: what it does differs between its versions.
    "-copyts",
    ...(seekSeconds > 0 ? ["-noaccurate_seek", "-ss", String(seekSeconds)] : []),
    ...["-i", input.path === undefined ? "pipe:0" : `file:${input.path}`],
    ...["-map", `0:a:${track - 1}`, "-af"],
    `aresample=${sampleRate}:${RESAMPLING},aformat=channel_layouts=mono|stereo,asetpts=${clockCount()}`,
    ...["-ar", String(sampleRate), "-c:a", "pcm_s16le"],
    // One write per packet would double the time that pipe and reader take.
    ...["-flush_packets", live ? "1" : "0"],
    ...["-f", "nut", "pipe:1"],
  ];
}

/**
 * Time stamps that only ever grow, since ffmpeg corrects others before it writes them: those of the recording, and above
 * them a number that grows where they go back. ffmpeg builds its filters anew where rate or channels change, and they
 * forget the number: it is taken from the clock, in 5 ms since the start. Each number waits for its time to be over, since
 * stamps may go back twice at once: that of a packet before a change of rate may count samples of the rate behind it.
 */
function clockCount(): string {
  const start = Math.floor(Date.now() / 1000);
  const clock = `trunc((RTCTIME/1e6-${start})*200)+1`;
  // Ends also if somebody sets the clock back.
  const wait = `while(lt(time(0),${start}+ld(3)/200)*lt(ld(4),1e6),st(4,ld(4)+1))`;
  const next = `st(3,${clock});st(4,0);${wait};ld(3)`;
  return `'st(0,if(ld(2)*gte(PTS,ld(1)+1),ld(0),${next}));st(2,1);st(1,PTS);PTS+ld(0)*${TIMES}'`;
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
