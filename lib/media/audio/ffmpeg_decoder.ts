import { chooseTrack, describeTrack, parseAudioTracks } from "lib/media/audio/audio_track.ts";
import {
  countsByFirstRate,
  declaredSeconds,
  describeDamage,
  lacksDelay,
  landsElsewhere,
} from "lib/media/audio/ffmpeg_messages.ts";
import {
  type FfmpegDecodeOptions,
  type FfmpegInput,
  type FfmpegRun,
  type Packet,
  startFfmpeg,
} from "lib/media/audio/ffmpeg_run.ts";
import { canJump, rememberRestart } from "lib/media/audio/jumps.ts";
import { replayStream } from "lib/media/audio/replayed_stream.ts";
import { decodeFrames } from "lib/media/audio/sample_format.ts";
import { createStereoMixer, describeOpposite } from "lib/media/audio/stereo_mixer.ts";
import { createTimeline, type PlacedSound } from "lib/media/audio/timeline.ts";

/** Sound that ffmpeg has begun to decode. */
interface FfmpegDecoding {
  /** Seconds of the whole recording as its container declares them. */
  readonly seconds: number | undefined;
  /** Of the samples that are given. */
  readonly channels: number;
  /** Samples of the window, mono unless channels are kept; to be read once. Leaving the loop ends ffmpeg. */
  readonly blocks: AsyncGenerator<Float32Array<ArrayBuffer>, void, void>;
  /** Ends ffmpeg, also before the first block was read. */
  close(): Promise<void>;
}

// Decoders and the resampler need some sound before the start to give what they give in the midst of a recording.
const PREROLL_SECONDS = 1;
/** Nearer places are reached as fast by reading up to them, in seconds. */
const SHORTEST_JUMP = 30;
/** Where ffmpeg's count is off by more, places cannot be found by it. */
const STRAYED_SECONDS = 0.1;
const SILENT_BLOCK = 2 ** 16;

/**
 * Starts ffmpeg on a recording and waits for its first sound. Positions are those that a player shows: time stamps
 * less the time at which the whole container begins; {@linkcode createTimeline} makes silence of gaps.
 *
 * @throws {AudioError} when there is no ffmpeg, no sound, or nothing that ffmpeg can read.
 */
export async function decodeWithFfmpeg(
  input: FfmpegInput,
  options: FfmpegDecodeOptions,
): Promise<FfmpegDecoding> {
  const { name, path, stream } = input;
  const { startSample, sampleRate, live, onNote } = options;
  const target = Math.floor(startSample / sampleRate) - PREROLL_SECONDS;
  const jumps = path !== undefined && target >= SHORTEST_JUMP && await canJump(path);
  const replayed = stream && !live ? replayStream(stream) : undefined;
  const begin = async (seekSeconds: number, track: number) =>
    await startFfmpeg({ name, path, stream: replayed?.open() ?? stream }, options, seekSeconds, track);

  let run = await begin(jumps ? target : 0, 1);
  if (!live) {
    const tracks = parseAudioTracks(run.opening);
    const track = chooseTrack(name, tracks, options.track);
    if (track && tracks.length > 1) {
      onNote?.(`${name}: audio track ${describeTrack(track)} of ${tracks.length} is heard; --track chooses`);
    }
    if (track && track.number > 1) {
      await run.close();
      run = await begin(jumps ? target : 0, track.number);
    }
    // What lies before the first sound of a jump that went too far is not known.
    const isRight = (run.first[0]?.time ?? 0) <= startSample && !landsElsewhere(run.opening);
    if (jumps && !isRight) {
      await run.close();
      run = await begin(0, track?.number ?? 1);
    }
  }
  replayed?.settle();
  if (!live && lacksDelay(run.opening)) {
    onNote?.(`${name}: it does not say how long its encoder was late: times may be late by up to 0.07 s`);
  }
  return toDecoding(input, options, run);
}

function toDecoding(
  { name, path }: FfmpegInput,
  { sampleRate, startSample, sampleCount, keepChannels, onWarning, onNote }: FfmpegDecodeOptions,
  { program, opening, channels, first, next, close }: FfmpegRun,
): FfmpegDecoding {
  const timeline = createTimeline<Uint8Array<ArrayBuffer>>({ sampleRate, begin: startSample });
  const mixer = createStereoMixer(sampleRate, () => onNote?.(describeOpposite(name)));
  // Arrays that serve again and again: new ones for each packet would keep the collector of garbage busy.
  const width = keepChannels ? channels : 1;
  let bytes = new Uint8Array(0);
  let pairs = new Float32Array(0);
  /** Samples of packets that follow each other. */
  const mix = (packets: readonly Uint8Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> => {
    const length = packets.reduce((sum, packet) => sum + packet.length, 0);
    if (length > bytes.length) {
      bytes = new Uint8Array(length);
      pairs = new Float32Array(channels === 2 ? length / 2 : 0);
    }
    let filled = 0;
    for (const packet of packets) {
      bytes.set(packet, filled);
      filled += packet.length;
    }
    const interleaved = { format: "pcm16", channels: 1 } as const;
    if (channels === width) return decodeFrames(bytes.subarray(0, length), interleaved);
    decodeFrames(bytes.subarray(0, length), interleaved, pairs);
    const mono = new Float32Array(length / 4);
    let at = 0;
    // One by one, so that the mix does not depend on how many came at once.
    for (const { length } of packets) {
      const to = at + length / 4;
      mixer.mix(pairs.subarray(2 * at, 2 * to), mono.subarray(at, to));
      at = to;
    }
    return mono;
  };
  const end = startSample + sampleCount;
  let position = startSample;
  const counts = countsByFirstRate(opening);
  let strayed = false;
  let stamped: number | undefined;
  const stamp = (packet: Packet): Packet => {
    if (!counts) return packet;
    const time = stamped ?? packet.time;
    strayed ||= Math.abs(packet.time - time) > STRAYED_SECONDS * sampleRate;
    stamped = time + packet.length;
    return { ...packet, time };
  };

  /** What there is of the window in sound and silence that follow each other. */
  function* cut(pieces: readonly PlacedSound<Uint8Array<ArrayBuffer>>[]) {
    const sounds: Uint8Array<ArrayBuffer>[] = [];
    const mixSounds = () => {
      const samples = mix(sounds.splice(0));
      const begin = position - samples.length / width;
      return samples.subarray(width * Math.max(0, startSample - begin), width * Math.max(0, end - begin));
    };
    for (const piece of pieces) {
      if (piece.payload) {
        sounds.push(piece.payload.subarray(2 * channels * piece.from));
        position = piece.position + piece.length;
        continue;
      }
      const before = mixSounds();
      if (before.length > 0) yield before;
      const from = Math.max(startSample, piece.position);
      position = piece.position + piece.length;
      for (let left = Math.min(end, position) - from; left > 0; left -= SILENT_BLOCK) {
        yield new Float32Array(width * Math.min(SILENT_BLOCK, left));
      }
    }
    const rest = mixSounds();
    if (rest.length > 0) yield rest;
  }
  async function* blocks(): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
    try {
      for (let packets = first; packets.length > 0; packets = await next()) {
        yield* cut(packets.flatMap((packet) => timeline.push(stamp(packet))));
        if (position >= end) return;
      }
      yield* cut(timeline.finish());
      const { success } = await program.status;
      const readSeconds = position / sampleRate;
      const damage = describeDamage({ opening, ending: program.stderrTail(), success, readSeconds });
      if (damage) onWarning?.(`${name}: ${damage}`);
    } finally {
      if (path !== undefined && (timeline.restarted || strayed)) rememberRestart(path);
      await close();
    }
  }
  return { seconds: declaredSeconds(opening), channels: width, blocks: blocks(), close };
}
