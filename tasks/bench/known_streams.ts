import { basename, join } from "node:path";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { annotationsBeside, readEventFile, recordingStem } from "lib/learning/evaluate/event_files.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { expandInputs } from "lib/media/audio/inputs.ts";
import { holdSound } from "lib/work/harvest/held_sound.ts";
import { HARVEST_RATE, type RecordingSound } from "lib/work/harvest/recording_sound.ts";

/** A stream whose events are known, in memory. */
export interface KnownStream {
  readonly name: string;
  readonly event: string;
  readonly truth: readonly SoundEvent[];
  readonly sound: RecordingSound;
  /** Folders of clips of the event, and of other sounds, that are not in the stream; absent where there are none. */
  readonly clips?: { readonly positives: string; readonly negatives: readonly string[] };
}

/**
 * Synthetic streams of ten minutes with twenty burps each at 0 to 15 dB, one at a time, and clips of other burps. They are
 * several, since on one of them a way may be lucky.
 */
export async function* synthesizeKnown(folder: string): AsyncGenerator<KnownStream> {
  const clips = join(folder, "synthetic");
  await writeTrainingClips(clips, { seed: "bench-clips", positives: 12, negatives: 200 });
  for (const seed of ["bench", "bench 2", "bench 3"]) {
    yield {
      ...await synthesizeOne(seed),
      clips: { positives: join(clips, "burp-audio"), negatives: [join(clips, "not-burp-audio")] },
    };
  }
}

async function synthesizeOne(seed: string): Promise<KnownStream> {
  const durationSeconds = 600;
  const events = planEvents({ durationSeconds, seed, count: 20, snrDecibels: [0, 15] });
  const stream = synthesizeStream({ durationSeconds, seed, events, sampleRate: HARVEST_RATE });
  const samples = await gatherBlocks(stream.blocks);
  const name = `synthetic, ${seed}`;
  return { name, event: "burp", truth: stream.truth, sound: holdSound(samples, name) };
}

/**
 * Annotated recordings, one at a time, each with the clips of its event: `<event>-audio` in the folder of clips, beside
 * which all other folders are negatives.
 *
 * @param inputs Recordings with annotations beside them, or folders of such.
 */
export async function* readKnown(
  inputs: readonly string[],
  clipsFolder: string | undefined,
): AsyncGenerator<KnownStream> {
  for (const path of await expandInputs(inputs)) {
    const annotations = await annotationsBeside(path);
    const truth = annotations === undefined ? [] : await readEventFile(annotations);
    if (truth.length === 0) continue;
    const event = truth[0]!.label;
    const samples = await readSamples(path, { sampleRate: HARVEST_RATE });
    yield {
      name: recordingStem(basename(path)),
      event,
      truth,
      sound: holdSound(Float32Array.from(samples), basename(path)),
      ...(clipsFolder === undefined ? {} : { clips: await clipsOf(event, clipsFolder) }),
    };
  }
}

async function clipsOf(event: string, folder: string): Promise<NonNullable<KnownStream["clips"]>> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).toSorted();
  const own = `${event}-audio`;
  if (!names.includes(own)) throw new RangeError(`${folder} has no folder ${own}`);
  return {
    positives: join(folder, own),
    negatives: names.filter((name) => name !== own).map((name) => join(folder, name)),
  };
}
