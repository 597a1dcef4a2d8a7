import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import type { DropReason } from "lib/work/bot/policy_state.ts";
import type { ReplayOutcome } from "lib/work/bot/replay.ts";

/** A message of a replay. */
interface ReplayedMessage {
  /** When it would have been sent, in seconds of the recording. */
  readonly time: number;
  readonly text: string;
  readonly role: "announcement" | "command" | "reply";
  /** The event that it is about, as it was known then. */
  readonly event?: DetectedEvent;
  /** Seconds from the end of the sound to the message. */
  readonly delay?: number;
}

/** An event that was not spoken about. */
export interface SilentEvent {
  readonly time: number;
  readonly event: DetectedEvent;
  readonly reason: DropReason;
}

/** What a replay says about a bot. */
export interface ReplayFigures {
  readonly duration: number;
  readonly messages: readonly ReplayedMessage[];
  readonly silent: readonly SilentEvent[];
  /** Detections as they stood in the end. */
  readonly detections: readonly DetectedEvent[];
  /** Provisional ones that were taken back. */
  readonly withdrawn: number;
  /** What people typed, where there was a chat. */
  readonly people: ReplayPeople | undefined;
  /** Commands of the bot while another one had just been sent. */
  readonly cooldownHits: number;
  /**
   * Median and longest time from the end of the sound to the command, in seconds of the recording: the wait for the rest of
   * the segment, and for the announcement. Live, computing and the stream's own delay come on top. Nothing without commands.
   */
  readonly delay: { readonly median: number; readonly longest: number } | undefined;
  /** The same for the detector's own time on this machine, in milliseconds, which is not in `delay`. */
  readonly computeMs: { readonly median: number; readonly longest: number } | undefined;
  /** Where annotations are given. */
  readonly truth: ReplayTruth | undefined;
}

/** Figures against the people in the chat. */
export interface ReplayPeople {
  /** When they typed the command, one entry for each burst, in seconds. */
  readonly bursts: readonly { readonly time: number; readonly votes: number; readonly agreed: boolean }[];
  /** Commands of the bot that people confirmed. */
  readonly confirmedCommands: number;
}

/** Figures against annotations. */
interface ReplayTruth {
  readonly annotations: readonly SoundEvent[];
  /** Detections and commands where nothing was annotated, an hour. */
  readonly falseDetectionsPerHour: number;
  readonly falseCommandsPerHour: number;
  /** Share of the annotated events that were heard. */
  readonly heardShare: number;
}

/** People type the command so long after a sound at most, in seconds. */
const HUMAN_DELAY = 20;
/** Commands of people within so many seconds are one burst. */
const BURST_GAP = 6;

/** Draws the figures of a replay. */
export function replayFigures(outcome: ReplayOutcome, annotations?: readonly SoundEvent[]): ReplayFigures {
  const { records, duration } = outcome;
  const events = new Map<string, DetectedEvent>();
  const firstSeen = new Map<string, DetectedEvent>();
  let withdrawn = 0;
  const messages: ReplayedMessage[] = [];
  const silent: SilentEvent[] = [];
  const humanTimes: number[] = [];
  for (const record of records) {
    if (record.kind === "heard" || record.kind === "confirmed") {
      events.set(record.id, record.event);
      if (record.kind === "heard") firstSeen.set(record.id, record.event);
    } else if (record.kind === "withdrawn") {
      events.delete(record.id);
      withdrawn++;
    } else if (record.kind === "human") {
      humanTimes.push(record.atMs / 1000);
    }
  }
  // Decisions are told before the record of the event that they are about.
  for (const record of records) {
    if (record.kind !== "decision" || record.decision.kind === "wait") continue;
    const { decision } = record;
    const { message } = decision;
    const event = message.event === undefined ? undefined : firstSeen.get(message.event);
    const time = decision.atMs / 1000;
    if (decision.kind === "send") {
      const about = event && { event, delay: time - event.offset };
      messages.push({ time, text: message.text, role: message.role, ...about });
    } else if (event && message.role === "command") {
      silent.push({ time, event, reason: decision.reason });
    }
  }
  const detections = [...events.values()].toSorted((a, b) => a.onset - b.onset);
  const commands = messages.filter(({ role }) => role === "command");
  const answers = (time: number, end: number) => time >= end - 1 && time <= end + HUMAN_DELAY;
  const humans = bursts(humanTimes).map((burst) => ({
    time: burst[0]!,
    votes: burst.length,
    agreed: detections.some(({ offset }) => answers(burst[0]!, offset)),
  }));
  const ends = commands.flatMap(({ event }) => event ? [event.offset] : []);
  const asEvents = commands.flatMap(({ event }) => event ? [event] : []);
  const hours = duration / 3600;
  return {
    duration,
    messages,
    silent,
    detections,
    withdrawn,
    people: outcome.hasChat
      ? {
        bursts: humans,
        confirmedCommands: ends.filter((end) => humanTimes.some((time) => answers(time, end))).length,
      }
      : undefined,
    cooldownHits: silent.filter(({ reason }) => reason === "cooldown").length,
    delay: spread(commands.flatMap(({ delay }) => delay === undefined ? [] : [delay])),
    computeMs: spread([...outcome.computeMs.values()]),
    truth: annotations && {
      annotations,
      falseDetectionsPerHour: hours > 0 ? falseAlarms(annotations, detections).length / hours : 0,
      falseCommandsPerHour: hours > 0 ? falseAlarms(annotations, asEvents).length / hours : 0,
      heardShare: annotations.length === 0
        ? 0
        : 1 - falseAlarms(detections, annotations).length / annotations.length,
    },
  };
}

function bursts(times: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const last = groups.at(-1);
    if (last && time - last.at(-1)! <= BURST_GAP) last.push(time);
    else groups.push([time]);
  }
  return groups;
}

function spread(values: readonly number[]): { median: number; longest: number } | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return { median: sorted[sorted.length >> 1]!, longest: sorted.at(-1)! };
}
