import { concatenate } from "lib/base/numbers/concatenate.ts";
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
export interface FfmpegDecoding {
  /** Seconds of the whole recording as its container declares them. */
  readonly seconds: number | undefined;
  /** Mono samples of the window; to be read once. Leaving the loop ends ffmpeg. */
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
  { sampleRate, startSample, sampleCount, onWarning, onNote }: FfmpegDecodeOptions,
  { program, opening, channels, first, next, close }: FfmpegRun,
): FfmpegDecoding {
  const timeline = createTimeline<Uint8Array<ArrayBuffer>>({ sampleRate, begin: startSample });
  const mixer = createStereoMixer(sampleRate, () => onNote?.(describeOpposite(name)));
  const mix = (bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
    const samples = decodeFrames(bytes, { format: "pcm16", channels: 1 });
    return channels === 2 ? mixer.mix(samples) : samples;
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
    const sounds: Float32Array<ArrayBuffer>[] = [];
    for (const piece of pieces) {
      const from = Math.max(0, startSample - piece.position);
      const to = Math.min(piece.length, end - piece.position);
      position = piece.position + piece.length;
      const mono = piece.payload && mix(piece.payload.subarray(2 * channels * piece.from));
      if (to <= from) continue;
      if (mono) {
        sounds.push(mono.subarray(from, to));
        continue;
      }
      if (sounds.length > 0) yield concatenate(sounds.splice(0));
      for (let left = to - from; left > 0; left -= SILENT_BLOCK) {
        yield new Float32Array(Math.min(SILENT_BLOCK, left));
      }
    }
    if (sounds.length > 0) yield concatenate(sounds);
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
  return { seconds: declaredSeconds(opening), blocks: blocks(), close };
}
