import { createHash } from "node:crypto";
import { createRandom } from "lib/base/numbers/random.ts";
import type { SplitBackground } from "lib/learning/dataset/background.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { ClipPools } from "lib/learning/dataset/mixture.ts";
import { splitByGroup } from "lib/learning/dataset/split.ts";

/** Fewest clips of an event that training starts with. */
const MIN_POSITIVES = 4;
/** Fewest negative clips that training starts with. */
const MIN_NEGATIVES = 8;

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
 * Refuses to train against hardly anything.
 *
 * @throws {RangeError} If there are too few negatives; the message says how many are needed.
 */
export function requireNegatives(negatives: readonly Clip[]): void {
  if (negatives.length < MIN_NEGATIVES) {
    throw new RangeError(
      `Too few negative clips: ${negatives.length}, training needs at least ${MIN_NEGATIVES}; ` +
        "cut some stretches without the event out of the same recordings",
    );
  }
}

/**
 * Splits positives and negatives by group.
 *
 * @param part Which part of the groups is held out, from 0; see {@link splitByGroup}.
 * @throws {RangeError} If there are too few clips; the message says how many are needed.
 */
export function splitClips(
  givenEvents: readonly EventClips[],
  givenNegatives: readonly Clip[],
  { trainShare, seed, part = 0 }: {
    readonly trainShare: number;
    readonly seed: string | number;
    readonly part?: number;
  },
): TrainingData {
  const { events, negatives, remarks } = finerGroups(givenEvents, givenNegatives);
  for (const { event, positives } of events) {
    if (positives.length < MIN_POSITIVES) {
      throw new RangeError(
        `Too few clips of ${event}: ${positives.length}, training needs at least ${MIN_POSITIVES} and gets good from 30 on`,
      );
    }
  }
  requireNegatives(negatives);
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

/** With fewer recordings than that, holding whole ones back would leave too little to learn from. */
const FEW_RECORDINGS = 4;
/** Stretches of time that a recording is then held back by. */
const TIMES = 4;

/**
 * The clips with groups that are fine enough to hold some back: where those of an event come from three recordings or
 * fewer, the clips of each recording that follow each other in time are groups of their own. Names of clips begin with
 * the recording and go on with the time, so that their order is that of time.
 */
function finerGroups(
  events: readonly EventClips[],
  negatives: readonly Clip[],
): { events: readonly EventClips[]; negatives: readonly Clip[]; remarks: string[] } {
  const remarks: string[] = [];
  const groups = new Map<Clip, string>();
  for (const { event, positives } of events) {
    const recordings = Map.groupBy(positives, ({ group }) => group);
    if (recordings.size >= FEW_RECORDINGS || positives.length < 2 * TIMES) continue;
    for (const [group, own] of recordings) {
      const others = [...events.flatMap((other) => other.positives), ...negatives];
      const all = [...new Set([...own, ...others.filter((clip) => clip.group === group)])]
        .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
      all.forEach((clip, i) => groups.set(clip, `${group}, part ${Math.floor(TIMES * i / all.length) + 1}`));
    }
    remarks.push(
      `The clips of ${event} come from ${recordings.size} recording${
        recordings.size === 1 ? "" : "s"
      }: parts of ${
        recordings.size === 1 ? "it" : "these"
      } are held back, so that validation knows the voice and the room, and is too good.`,
    );
  }
  const regroup = (clip: Clip): Clip => ({ ...clip, group: groups.get(clip) ?? clip.group });
  if (groups.size === 0) return { events, negatives, remarks };
  return {
    events: events.map(({ event, positives }) => ({ event, positives: positives.map(regroup) })),
    negatives: negatives.map(regroup),
    remarks,
  };
}

/** Says which clips, with which sound, group and label, went into a model; the order does not matter. */
export function dataFingerprint(
  events: readonly EventClips[],
  negatives: readonly Clip[],
  background?: SplitBackground,
): string {
  const lines = [...events.flatMap(({ positives }) => positives), ...negatives].map((clip) => {
    const samples = clip.samples.subarray();
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const sound = createHash("sha256").update(bytes);
    return `${clip.event ?? ""}\t${clip.group}\t${sound.digest("hex")}`;
  });
  if (background) {
    const { train, validation, held } = background;
    const stretches = [train, validation, held].map((side) => side.stretches);
    const sound = createHash("sha256").update(new Uint8Array(train.samples.buffer));
    lines.push(`background\t${JSON.stringify(stretches)}\t${sound.digest("hex")}`);
  }
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}
