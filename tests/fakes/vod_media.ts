import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

/** One piece of real media. */
export interface FakeSegment {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In seconds. */
  readonly duration: number;
}

/** One form of the recording. */
export interface FakeRendition {
  readonly id: string;
  readonly name: string;
  readonly attributes: string;
  /** Ending of the segments' names. */
  readonly extension: string;
  /** Header of fragmented MP4. */
  readonly header?: Uint8Array<ArrayBuffer> | undefined;
  readonly segments: readonly FakeSegment[];
}

/** Sound and picture in several forms. */
export interface FakeMedia {
  readonly renditions: readonly FakeRendition[];
}

const SECONDS = 60;
const SEGMENT_SECONDS = 4;

// Encoders that every build of ffmpeg has.
const PICTURE = ["-c:v", "mpeg2video", "-b:v", "60k", "-g", "25"];
const SOUND = ["-c:a", "aac", "-b:a", "48k", "-ar", "44100", "-ac", "1"];

let made: Promise<FakeMedia> | undefined;

/** A minute of media for a server that plays Twitch, made by ffmpeg once per process. */
export function makeFakeMedia(): Promise<FakeMedia> {
  made ??= make();
  return made;
}

async function make(): Promise<FakeMedia> {
  const ffmpeg = await requireProgram("ffmpeg");
  const folder = await Deno.makeTempDir();
  const hls = (name: string, extra: string[]) => [
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_list_size", "0", ...extra],
    join(folder, `${name}.m3u8`),
  ];
  try {
    // Each second has its own pitch, so that a piece in the wrong place shows.
    const sound = `aevalsrc='0.3*sin(2*PI*t*(200+20*floor(t)))':s=44100:d=${SECONDS}`;
    const picture = `testsrc=size=64x36:rate=25:duration=${SECONDS}`;
    await runToEnd(ffmpeg.path, [
      ...["-v", "error", "-y", "-f", "lavfi", "-i", sound, "-f", "lavfi", "-i", picture],
      ...["-map", "0:a", "-map", "1:v", ...PICTURE, ...SOUND],
      ...hls("160p30", ["-hls_segment_filename", join(folder, "160p30-%d.ts")]),
      ...["-map", "0:a", ...SOUND],
      ...hls("audio_only", ["-hls_segment_filename", join(folder, "audio_only-%d.ts")]),
      ...["-map", "0:a", ...SOUND],
      ...hls("fragments", [
        ...["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "fragments-init.mp4"],
        ...["-hls_segment_filename", join(folder, "fragments-%d.m4s")],
      ]),
    ], { timeoutMs: 60_000 });
    return {
      renditions: [
        await read(
          folder,
          "160p30",
          "160p",
          "ts",
          'BANDWIDTH=230000,CODECS="avc1.4D000C,mp4a.40.2",RESOLUTION=284x160',
        ),
        await read(folder, "audio_only", "Audio Only", "ts", 'BANDWIDTH=60000,CODECS="mp4a.40.2"'),
        await read(
          folder,
          "fragments",
          "Fragments",
          "m4s",
          'BANDWIDTH=900000,CODECS="avc1.4D000C,mp4a.40.2",RESOLUTION=640x360',
        ),
      ],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Media of a recording of one's own: sound alone, and if wanted with a small picture.
 *
 * @param options `segmentSeconds` is the length of a segment, 4 by default; `fragmented` makes MP4 with a header, of sound
 * alone, instead.
 */
export async function makeMediaOf(
  samples: Float32Array,
  options: {
    readonly sampleRate: number;
    readonly segmentSeconds?: number;
    readonly picture?: boolean;
    readonly fragmented?: boolean;
  },
): Promise<FakeMedia> {
  const { sampleRate, segmentSeconds = 4, picture = false, fragmented = false } = options;
  const ffmpeg = await requireProgram("ffmpeg");
  const folder = await Deno.makeTempDir();
  const wav = join(folder, "sound.wav");
  const hls = (name: string) => [
    ...["-f", "hls", "-hls_time", String(segmentSeconds), "-hls_list_size", "0"],
    ...(fragmented ? ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", `${name}-init.mp4`] : []),
    ...["-hls_segment_filename", join(folder, `${name}-%d.${fragmented ? "m4s" : "ts"}`)],
    join(folder, `${name}.m3u8`),
  ];
  const test = `testsrc=size=64x36:rate=25:duration=${samples.length / sampleRate}`;
  try {
    await writeWav(wav, samples, { sampleRate });
    await runToEnd(ffmpeg.path, [
      ...["-v", "error", "-y", "-i", wav, ...(picture ? ["-f", "lavfi", "-i", test] : [])],
      ...["-map", "0:a", ...SOUND, ...hls("audio_only")],
      ...(picture ? ["-map", "0:a", "-map", "1:v", ...PICTURE, ...SOUND, ...hls("160p30")] : []),
    ], { timeoutMs: 120_000 });
    const attributes = 'BANDWIDTH=230000,CODECS="avc1.4D000C,mp4a.40.2",RESOLUTION=284x160';
    return {
      renditions: [
        ...(picture ? [await read(folder, "160p30", "160p", "ts", attributes)] : []),
        await read(
          folder,
          "audio_only",
          "Audio Only",
          fragmented ? "m4s" : "ts",
          'BANDWIDTH=60000,CODECS="mp4a.40.2"',
        ),
      ],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function read(
  folder: string,
  id: string,
  name: string,
  extension: string,
  attributes: string,
): Promise<FakeRendition> {
  const playlist = await Deno.readTextFile(join(folder, `${id}.m3u8`));
  const durations = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => Number(match[1]));
  const segments = await Promise.all(
    durations.map(async (duration, i) => ({
      duration,
      bytes: await Deno.readFile(join(folder, `${id}-${i}.${extension}`)),
    })),
  );
  const header = extension === "m4s" ? { header: await Deno.readFile(join(folder, `${id}-init.mp4`)) } : {};
  return { id, name, attributes, extension, segments, ...header };
}
