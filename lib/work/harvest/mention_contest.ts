import type { SoundEvent } from "lib/base/events/sound_event.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import { findMentions } from "lib/media/chat/mentions.ts";
import type { Candidate } from "lib/work/harvest/candidates.ts";
import { findCandidates, type FindCandidatesOptions } from "lib/work/harvest/find_candidates.ts";
import { loudestSample } from "lib/work/harvest/loudest_sample.ts";
import type { RecordingSound } from "lib/work/harvest/recording_sound.ts";

/** How many of the places that a way of finding gave are right, and how many events it found. */
export interface ContestFigures {
  /** Places given, of them right, and events that were found. */
  readonly given: number;
  readonly right: number;
  readonly eventsFound: number;
  /** Right of given, and events found of all events; NaN of nothing. */
  readonly precision: number;
  readonly recall: number;
}

/** What one recording with known events gave. */
export interface ContestResult {
  readonly events: number;
  readonly mentions: number;
  /** Mentions in whose window an event begins. */
  readonly answerable: number;
  /** The first candidate of each mention, whatever its probability. */
  readonly first: ContestFigures;
  /** The first candidate where it is at least as probable as was asked for. */
  readonly sure: ContestFigures;
  /** One of the first five candidates. */
  readonly anyOfFive: ContestFigures;
  /** The loudest sample of the last fifteen seconds before the first message. */
  readonly loudest: ContestFigures;
  /** First candidates with their probabilities and whether they are right, for choosing. */
  readonly firsts: readonly { readonly candidate: Candidate; readonly right: boolean }[];
}

/** A place is right this close to the onset of an event, in seconds. */
const TOLERANCE = 1;
/** The plain way looks back this far, in seconds. */
const LOUDEST_LOOK_BACK = 15;

/**
 * Measures how well mentions lead to sounds, on a recording whose events are known, beside the plain way.
 *
 * @param truth Events of the recording, by onset.
 * @param options `minProbability` is what counts as sure.
 */
export async function runContest(
  recording: RecordingSound,
  messages: readonly ChatMessage[],
  truth: readonly SoundEvent[],
  options: FindCandidatesOptions & { readonly command: string; readonly minProbability: number },
): Promise<ContestResult> {
  const { command, minProbability, ...finding } = options;
  const { mentions } = await findMentions(messages, createCommandMatcher(command));
  const eventAt = (time: number, end = time) =>
    truth.findIndex((event) => time >= event.onset - TOLERANCE && time <= event.offset && end >= event.onset);
  const firsts: { candidate: Candidate; right: boolean }[] = [];
  const places = { first: [] as number[][], sure: [] as number[][], anyOfFive: [] as number[][] };
  const loudest: number[][] = [];
  let answerable = 0;
  for (const mention of mentions) {
    const { window, sound, candidates } = await findCandidates(recording, mention, { ...finding, keep: 5 });
    if (truth.some(({ onset }) => onset >= window.start && onset < window.end)) answerable++;
    const events = candidates.map(({ onset, offset }) => eventAt(onset, offset));
    const [best] = candidates;
    if (best) {
      firsts.push({ candidate: best, right: events[0]! >= 0 });
      places.first.push([events[0]!]);
      if (best.probability >= minProbability) places.sure.push([events[0]!]);
      places.anyOfFive.push(events);
    }
    const time = sound &&
      loudestSample(sound, { start: mention.time - LOUDEST_LOOK_BACK, end: mention.time });
    if (time !== undefined) loudest.push([eventAt(time)]);
  }
  return {
    events: truth.length,
    mentions: mentions.length,
    answerable,
    first: figures(places.first, truth.length),
    sure: figures(places.sure, truth.length),
    anyOfFive: figures(places.anyOfFive, truth.length),
    loudest: figures(loudest, truth.length),
    firsts,
  };
}

/** @param places For each mention the events that its places hit; -1 for none. */
function figures(places: readonly (readonly number[])[], events: number): ContestFigures {
  const right = places.filter((hits) => hits.some((event) => event >= 0)).length;
  const eventsFound = new Set(places.flat().filter((event) => event >= 0)).size;
  return {
    given: places.length,
    right,
    eventsFound,
    precision: right / places.length,
    recall: eventsFound / events,
  };
}
