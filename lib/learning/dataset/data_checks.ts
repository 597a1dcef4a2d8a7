import type { ClipMeasures } from "lib/learning/dataset/clip_measures.ts";
import { type Finding, finding, findingOf } from "lib/learning/dataset/finding.ts";
import { findSoundSets, type SoundSet } from "lib/learning/dataset/shared_sounds.ts";

/** A clip that is to be learnt from. */
export interface MeasuredClip {
  readonly path: string;
  /** The event heard in it; absent from negatives. */
  readonly event?: string;
  /** The recording that it came from. */
  readonly group: string;
  readonly measures: ClipMeasures;
}

/** Below this level a clip is silent, in dB. */
const SILENCE_DB = -80;
/** Share of zeros above which a clip is mostly muted or padded. */
const MANY_ZEROS = 0.5;
/** Share of samples on flat tops above which clipping is heard. */
const MUCH_CLIPPING = 0.005;
/** A constant part that takes away from what loudness there is, as a share of full scale. */
const LARGE_OFFSET = 0.02;
/** Lengths that differ by less are the same, in seconds. */
const SAME_LENGTH = 0.02;
/** Measured on one sound, a class with fewer recordings says little about others. */
const FEW_GROUPS = 5;

/** Checks each clip by itself: silence, clipping, mixed rates, and what differs from a template. */
export function checkClips(
  clips: readonly MeasuredClip[],
  template?: Pick<ClipMeasures, "duration" | "sampleRate">,
): Finding[] {
  const those = (test: (measures: ClipMeasures) => boolean) =>
    clips.filter(({ measures }) => test(measures)).map(({ path }) => path);
  const rates = countBy(clips.flatMap(({ measures }) => measures.sampleRate ?? []));
  const channels = countBy(clips.flatMap(({ measures }) => measures.channels ?? []));
  const list = (counts: Map<number, number>, unit: string) =>
    [...counts].map(([value, count]) => `${count} have ${value}${unit}`).join(", ");
  return [
    ...findingOf(
      "warning",
      "silence",
      those((clip) => clip.levelDb < SILENCE_DB),
      (count) => `${count} silent: training skips them`,
    ),
    ...findingOf(
      "warning",
      "silence",
      those((clip) => clip.levelDb >= SILENCE_DB && clip.zeros > MANY_ZEROS),
      (count) => `${count} mostly digital silence, as where a platform mutes music: cut it off`,
    ),
    ...findingOf(
      "warning",
      "clipping",
      those((clip) => clip.clipped > MUCH_CLIPPING),
      (count) => `${count} cut off at the top: quieter recordings of the same sound sound different`,
    ),
    ...findingOf(
      "warning",
      "offset",
      those((clip) => Math.abs(clip.offset) > LARGE_OFFSET),
      (count) => `${count} with a constant offset: the recorder had a fault`,
    ),
    ...(rates.size > 1
      ? [
        finding(
          "warning",
          "sample rate",
          `mixed: ${list(rates, " Hz")}; see whether one class has another rate`,
        ),
      ]
      : []),
    ...(channels.size > 1
      ? [finding("note", "channels", `mixed: ${list(channels, "")}; they become one`)]
      : []),
    ...(template
      ? [
        ...findingOf(
          "warning",
          "template",
          those((clip) => Math.abs(clip.duration - template.duration) > SAME_LENGTH),
          (count) => `${count} not as long as the template (${template.duration.toFixed(2)} s)`,
        ),
        ...findingOf(
          "warning",
          "template",
          those((clip) => clip.sampleRate !== template.sampleRate),
          (count) => `${count} without the template's sample rate (${template.sampleRate ?? "unknown"} Hz)`,
        ),
      ]
      : []),
  ];
}

/** Checks whether there are enough clips of enough recordings, and whether the recordings give the class away. */
export function checkGroups(clips: readonly MeasuredClip[], events: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const event of [...events, undefined]) {
    const name = event ?? "negatives";
    const own = clips.filter((clip) => clip.event === event);
    if (own.length === 0) {
      findings.push(finding("error", "clips", `there are no clips of ${name}`));
      continue;
    }
    const groups = countBy(own.map(({ group }) => group));
    const [largest, size] = [...groups].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    findings.push(finding("note", "clips", `${own.length} of ${name} from ${recordings(groups.size)}`));
    if (event !== undefined && own.length < 30) {
      findings.push(finding("warning", "clips", `only ${own.length} of ${name}: models get good from 30 on`));
    }
    if (groups.size < FEW_GROUPS) {
      findings.push(finding(
        "warning",
        "groups",
        `${name} come from ${recordings(groups.size)} only: figures will say little about others`,
      ));
    } else if (size > own.length / 2) {
      findings.push(
        finding("warning", "groups", `${size} of ${own.length} ${name} come from one: ${largest}`),
      );
    }
    const single = [...groups.values()].filter((count) => count === 1).length;
    if (groups.size > 10 && single === groups.size) {
      findings.push(finding(
        "note",
        "groups",
        `each clip of ${name} seems to be a recording of its own; if that is not so, say --group-by`,
      ));
    }
  }
  const negativeGroups = new Set(clips.filter(({ event }) => event === undefined).map(({ group }) => group));
  for (const event of events) {
    const own = clips.filter((clip) => clip.event === event);
    if (own.length > 0 && negativeGroups.size > 0 && !own.some(({ group }) => negativeGroups.has(group))) {
      findings.push(finding(
        "note",
        "groups",
        `no recording has both ${event} and negatives: a model could learn the recordings' background instead; ` +
          "add negatives from where the positives are from",
      ));
    }
  }
  return findings;
}

/** Finds the same sound in several clips: in both classes, on both sides of a split, or as copies. */
export function checkDuplicates(clips: readonly MeasuredClip[]): Finding[] {
  const sets = findSoundSets(clips, clips.map(({ measures }) => measures.fingerprint));
  const mixed = sets.filter(({ classes }) => classes.length > 1);
  const rest = sets.filter(({ classes }) => classes.length === 1);
  const isSpread = ({ members }: SoundSet<MeasuredClip>) =>
    new Set(members.map(({ group }) => group)).size > 1;
  const copies = rest.filter((set) => !isSpread(set)).flatMap(({ members }) => members.slice(1));
  return [
    ...[...Map.groupBy(mixed, ({ classes }) => classes.join(" and "))].flatMap(([classes, some]) =>
      findingOfSets(
        "error",
        some,
        (count) => `${count} in ${classes}: take ${some.length > 1 ? "them" : "it"} out of one`,
      )
    ),
    ...findingOfSets(
      "warning",
      rest.filter(isSpread),
      (_, sounds) =>
        `the same sound counts as several recordings${
          sounds > 1 ? `, ${sounds} times` : ""
        }: a split would learn and measure on it; if they are only much alike, as made sounds may be, nothing is wrong`,
    ),
    ...findingOf(
      "note",
      "duplicates",
      copies.map(({ path }) => path),
      (count) => `${count} copies within one recording: harmless`,
    ),
  ];
}

/** One finding for all sounds that have the same fault, if there are any. */
function findingOfSets(
  level: Finding["level"],
  sets: readonly SoundSet<MeasuredClip>[],
  message: (count: string, sounds: number) => string,
): Finding[] {
  if (sets.length === 0) return [];
  const count = sets.length === 1 ? "the same sound is" : `${sets.length} sounds are`;
  const paths = sets.map(({ members }) => members.map(({ path }) => path));
  return [{
    level,
    check: "duplicates",
    message: message(count, sets.length),
    clips: paths.flat(),
    sets: paths,
  }];
}

function recordings(count: number): string {
  return `${count} recording${count === 1 ? "" : "s"}`;
}

function countBy<Key>(keys: readonly Key[]): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
