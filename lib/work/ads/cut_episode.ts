import { basename, extname, join } from "node:path";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { mergeSpans, subtractSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { exists } from "lib/base/system/exists.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { cutSamples } from "lib/media/audio/cut_samples.ts";
import { readSoundFacts, type SoundFacts } from "lib/media/audio/sound_facts.ts";
import { cutMp3 } from "lib/media/mp3/cut_mp3.ts";
import { ffmpegMp3Codec } from "lib/media/mp3/ffmpeg_mp3_codec.ts";
import { readId3Chapters, writeId3Chapters } from "lib/media/mp3/id3_chapters.ts";
import { readMp3Stream } from "lib/media/mp3/mp3_stream.ts";
import { movedChapters } from "lib/work/ads/moved_chapters.ts";

/** Seconds in which the sound before a cut goes over into the sound behind it. */
const CROSSFADE = 0.01;
/** What is shorter than this between two cuts goes with them, in seconds: new frames around both would meet. */
const SHORTEST_KEPT = 0.3;

/** How an episode is cut. */
export interface CutEpisodeOptions {
  /** What goes, in seconds of the decoded sound. */
  readonly breaks: readonly TimeSpan[];
  /** Where the episode without them is written; it must not be there. */
  readonly outPath: string;
  /** Encode anew what cannot be cut otherwise. */
  readonly encode?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of an episode. */
export interface EpisodeCut {
  readonly outPath: string;
  /** What is gone, in seconds of the original; crossfades make each a little longer than its break. */
  readonly removed: readonly TimeSpan[];
  /** Of what was written, in seconds. */
  readonly duration: number;
}

/** Thrown where a result would replace a file. */
export class CutExistsError extends Error {
  override readonly name = "CutExistsError";
  constructor(readonly path: string) {
    super(`${path} is there already: it is kept; remove it, or take another folder with --output`);
  }
}

/** The path of an episode without ads: `<name>.no-ads.<ext>`. */
export function cutPath(episode: string, folder: string): string {
  const extension = extname(episode);
  return join(folder, `${basename(episode, extension)}.no-ads${extension}`);
}

/**
 * Writes an episode without its breaks: WAV and FLAC to the sample, MP3 to the frame with all other frames as they were; tags
 * and cover stay, chapters move. The original is not touched.
 *
 * @throws {CutExistsError} If the result is there already.
 * @throws {AudioError} If nothing would be left, or its codec needs `encode`.
 */
export async function cutEpisode(path: string, options: CutEpisodeOptions): Promise<EpisodeCut> {
  const { outPath, encode, signal } = options;
  if (await exists(outPath)) throw new CutExistsError(outPath);
  const facts = await readSoundFacts(path, { signal });
  const isMp3 = facts.codec === "mp3" && facts.container === "mp3";
  if (!isMp3 && facts.codec !== "flac" && !facts.codec.startsWith("pcm_") && !encode) {
    throw new AudioError(path, `its sound is ${facts.codec}, which is cut by encoding it anew: say --encode`);
  }
  const spans = joinClose(mergeSpans(options.breaks));
  return isMp3 && !encode
    ? await cutMp3Episode(path, { spans, outPath, signal })
    : await cutSamplesOf(path, { facts, spans, outPath, signal });
}

type Cutting = {
  readonly spans: readonly TimeSpan[];
  readonly outPath: string;
  readonly signal: AbortSignal | undefined;
};

async function cutMp3Episode(path: string, { spans, outPath, signal }: Cutting): Promise<EpisodeCut> {
  const stream = readMp3Stream(await Deno.readFile(path, { ...(signal && { signal }) }));
  const { bytes, headBytes, end, frames } = stream;
  const { sampleRate } = frames[0]!;
  const { removed, samples, bytes: sound } = await cutMp3(stream, {
    spans,
    codec: await ffmpegMp3Codec({ signal }),
  });
  const duration = samples / sampleRate;
  if (samples <= 0) throw new AudioError(path, NOTHING_LEFT);
  const head = bytes.subarray(0, headBytes);
  const tag = writeId3Chapters(head, { chapters: movedChapters(readId3Chapters(head), removed), duration });
  const whole = new Uint8Array(await new Blob([tag.slice(), sound, bytes.slice(end)]).arrayBuffer());
  await writeFileAtomic(outPath, whole);
  return { outPath, removed, duration };
}

async function cutSamplesOf(
  path: string,
  { facts, spans, outPath, signal }: Cutting & { readonly facts: SoundFacts },
): Promise<EpisodeCut> {
  const { sampleRate } = facts;
  const fade = Math.round(CROSSFADE * sampleRate);
  const kept = subtractSpans({ start: 0, end: Infinity }, spans)
    .map(({ start, end }) => ({ from: Math.round(start * sampleRate), to: Math.round(end * sampleRate) }));
  const removed = spans.map(({ start, end }) => ({
    start,
    end: start > 0 && end < Infinity ? end + CROSSFADE : end,
  }));
  const chapters = movedChapters(facts.chapters, removed);
  const samples = await cutSamples(path, outPath, { facts, kept, fade, chapters, signal });
  if (samples === 0) {
    await Deno.remove(outPath);
    throw new AudioError(path, NOTHING_LEFT);
  }
  return { outPath, removed, duration: samples / sampleRate };
}

const NOTHING_LEFT = "nothing would be left of it: are all of these breaks ads?";

function joinClose(spans: readonly TimeSpan[]): TimeSpan[] {
  const joined: TimeSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    const start = span.start < SHORTEST_KEPT ? 0 : span.start;
    if (last && start - last.end < SHORTEST_KEPT) {
      joined[joined.length - 1] = { start: last.start, end: span.end };
    } else joined.push({ start, end: span.end });
  }
  return joined;
}

/** Breaks among events: those with the label. */
export function breaksNamed(events: readonly SoundEvent[], label: string): TimeSpan[] {
  return events.filter((event) => event.label === label).map(({ onset, offset }) => ({
    start: onset,
    end: offset,
  }));
}
