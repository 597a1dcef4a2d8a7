import {
  type ClipFingerprint,
  createFingerprint,
  FINGERPRINT_FEATURES,
} from "lib/learning/dataset/clip_fingerprint.ts";
import { findNearDuplicates } from "lib/learning/dataset/near_duplicates.ts";
import type { Samples } from "lib/media/audio/stored_samples.ts";

/** Clips that hold the same sound. */
export interface SoundSet<Item> {
  readonly members: readonly Item[];
  /** Names of the events that they are clips of, `negatives` for those of none; more than one cannot be right. */
  readonly classes: readonly string[];
}

/** Finds the clips that hold the same sound, at any loudness and through any coder. */
export function findSoundSets<Item extends { readonly event?: string }>(
  clips: readonly Item[],
  fingerprints: readonly ClipFingerprint[],
): SoundSet<Item>[] {
  return findNearDuplicates(fingerprints).map((set) => {
    const members = set.map((index) => clips[index]!);
    return { members, classes: [...new Set(members.map(({ event }) => event ?? "negatives"))] };
  });
}

/** A clip as training reads it. */
interface SharedClip {
  readonly path: string;
  readonly event?: string;
  readonly samples: Samples;
}

/** Comparing more clips takes longer than a training should wait, some milliseconds each; `doctor` compares all. */
const MOST_COMPARED = 3000;

/**
 * What training should be told of sounds that are in several classes: nothing, or one sentence.
 *
 * @param sampleRate Of the clips, in Hz; only at that of fingerprints can copies be heard that are no exact ones.
 * @throws {RangeError} If one file is in several classes, also by way of links.
 */
export async function describeSharedSounds(
  clips: readonly SharedClip[],
  sampleRate: number,
): Promise<string | undefined> {
  const files = new Map<string, SharedClip>();
  for (const clip of clips) {
    const file = await Deno.realPath(clip.path).catch(() => clip.path);
    const other = files.get(file);
    if (other !== undefined && other.event !== clip.event) {
      throw new RangeError(
        `${clip.path} is a clip of ${other.event ?? "negatives"} and of ${
          clip.event ?? "negatives"
        }: one of the two is wrong`,
      );
    }
    files.set(file, clip);
  }
  if (clips.length > MOST_COMPARED || sampleRate !== FINGERPRINT_FEATURES.sampleRate) return undefined;
  const sets = findSoundSets(clips, clips.map(({ samples }) => createFingerprint(samples.subarray())))
    .filter(({ classes }) => classes.length > 1);
  const [first] = sets;
  if (!first) return undefined;
  const [a, b] = first.classes.map((name) =>
    first.members.find(({ event }) => (event ?? "negatives") === name)!.path
  );
  const what = sets.length === 1 ? "the same sound is" : `${sets.length} sounds are`;
  return `${what} in ${first.classes.join(" and ")} (${
    sets.length === 1 ? "" : "such as "
  }${a} and ${b}): a model learns ` +
    "nothing from what is both; take it out of one of them, `deno task doctor` lists all";
}
