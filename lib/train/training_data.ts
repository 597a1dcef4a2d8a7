import { createHash } from "node:crypto";
import type { Clip } from "lib/dataset/clip.ts";
import type { ClipPools } from "lib/dataset/mixture.ts";
import { splitByGroup } from "lib/dataset/split.ts";
import { createRandom } from "lib/system/random.ts";

/** Fewest clips of an event that training starts with. */
export const MIN_POSITIVES = 4;
/** Fewest negative clips that training starts with. */
export const MIN_NEGATIVES = 8;

/** Clips of one event to learn. */
export interface EventClips {
  readonly event: string;
  readonly positives: readonly Clip[];
}

/** Clips split by group, ready to be mixed. */
export interface TrainingData {
  readonly train: ClipPools;
  readonly validation: ClipPools;
  /** What a user should know about the split, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Splits positives and negatives by group.
 *
 * @param part Which part of the groups is held out, from 0; see {@link splitByGroup}.
 * @throws {RangeError} If there are too few clips; the message says how many are needed.
 */
export function splitClips(
  events: readonly EventClips[],
  negatives: readonly Clip[],
  { trainShare, seed, part = 0 }: {
    readonly trainShare: number;
    readonly seed: string | number;
    readonly part?: number;
  },
): TrainingData {
  for (const { event, positives } of events) {
    if (positives.length < MIN_POSITIVES) {
      throw new RangeError(
        `Too few clips of ${event}: ${positives.length}, training needs at least ${MIN_POSITIVES} and gets good from 30 on`,
      );
    }
  }
  if (negatives.length < MIN_NEGATIVES) {
    throw new RangeError(
      `Too few negative clips: ${negatives.length}, training needs at least ${MIN_NEGATIVES}; ` +
        "cut some stretches without the event out of the same recordings",
    );
  }
  const remarks: string[] = [];
  // One split of all groups, so that a recording's positives and negatives are on the same side.
  const all = [...events.flatMap(({ positives }) => positives), ...negatives];
  const shared = new Set(negatives.map((clip) => clip.group));
  const perEvent = events.map(({ event, positives }) => {
    const random = createRandom(`${seed}/split/${event}`);
    const split = splitByGroup(positives, { trainShare, random, part });
    if (split.validation.length === 0 && trainShare < 1) {
      remarks.push(
        `All clips of ${event} come from one recording: validation measures on clips that were trained on.`,
      );
    }
    return split;
  });
  const heldGroups = new Set(perEvent.flatMap((split) => split.validation.map((clip) => clip.group)));
  const trainGroups = new Set(perEvent.flatMap((split) => split.train.map((clip) => clip.group)));
  const free = negatives.filter((clip) => !heldGroups.has(clip.group) && !trainGroups.has(clip.group));
  const freeSplit = splitByGroup(free, {
    trainShare,
    random: createRandom(`${seed}/split/negatives`),
    part,
  });
  const bound = negatives.filter((clip) => heldGroups.has(clip.group) || trainGroups.has(clip.group));
  const trainNegatives = [...freeSplit.train, ...bound.filter((clip) => !heldGroups.has(clip.group))];
  const heldNegatives = [...freeSplit.validation, ...bound.filter((clip) => heldGroups.has(clip.group))];
  if (all.length > 0 && shared.size === 1) remarks.push("All negatives come from one recording.");
  return {
    train: {
      positives: perEvent.map((split) => split.train),
      negatives: trainNegatives.length > 0 ? trainNegatives : negatives,
    },
    validation: {
      positives: perEvent.map((split) => split.validation.length > 0 ? split.validation : split.train),
      negatives: heldNegatives.length > 0 ? heldNegatives : negatives,
    },
    remarks,
  };
}

/** Says which clips, with which sound, group and label, went into a model; the order does not matter. */
export function dataFingerprint(events: readonly EventClips[], negatives: readonly Clip[]): string {
  const lines = [...events.flatMap(({ positives }) => positives), ...negatives].map((clip) => {
    const sound = createHash("sha256").update(
      new Uint8Array(clip.samples.buffer, clip.samples.byteOffset, clip.samples.byteLength),
    );
    return `${clip.event ?? ""}\t${clip.group}\t${sound.digest("hex")}`;
  });
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}
