import { basename } from "node:path";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import type { ReplayReport } from "lib/show/report/replay_report.ts";
import type { ReplayFigures, ReplayPeople } from "lib/work/bot/replay_figures.ts";
import { silenceReasons } from "lib/work/bot/replay_lines.ts";
import { describeDrop } from "lib/work/bot/session_record.ts";

/** The page about a replay. */
export function replayPage(
  figures: ReplayFigures,
  names: { recording: string; event: string },
): ReplayReport {
  const { recording, event } = names;
  const { messages, silent, people, truth, delay, computeMs } = figures;
  const commands = messages.filter(({ role }) => role === "command");
  return {
    title: `The bot on ${basename(recording)}`,
    recording,
    timeline: botTimeline(figures, recording),
    facts: [
      ["Recording", `${(figures.duration / 60).toFixed(1)} min`],
      [`Heard (${event})`, String(figures.detections.length)],
      ["Answered", String(commands.length)],
      ...silenceReasons(silent).map(([reason, count]) => [`Unanswered: ${reason}`, String(count)] as const),
      [
        "Sound's end to answer, without the stream's own delay",
        delay ? `${delay.median.toFixed(1)} s (at most ${delay.longest.toFixed(1)} s)` : "no answers",
      ],
      [
        "Computing here, which comes on top live",
        computeMs ? `${Math.round(computeMs.median)} ms` : "nothing heard",
      ],
      ...(people
        ? [
          ["Agreement with people", agreement(people)] as const,
          ["Answers that people confirmed", `${people.confirmedCommands} of ${commands.length}`] as const,
        ]
        : []),
      ...(truth
        ? [
          ["Annotated events heard", `${Math.round(truth.heardShare * 100)} %`] as const,
          ["False detections an hour", truth.falseDetectionsPerHour.toFixed(1)] as const,
          ["False answers an hour", truth.falseCommandsPerHour.toFixed(1)] as const,
        ]
        : []),
    ],
    moments: [
      ...messages.map(({ time, text, delay, role, event }) => ({
        time,
        // The announcement before it is about the same sound.
        event: role === "command" ? event : undefined,
        what: `says ${text}`,
        why: delay === undefined ? "" : `${delay.toFixed(1)} s after the end of the sound`,
      })),
      ...silent.map(({ time, event, reason }) => ({
        time,
        event,
        what: `says nothing about ${describeEvent(event)}`,
        why: describeDrop(reason),
      })),
    ].toSorted((a, b) => a.time - b.time),
  };
}

/** The lanes of the timeline of a replay. */
export function botTimeline(figures: ReplayFigures, recording: string): ReplayReport["timeline"] {
  return {
    recording,
    duration: figures.duration,
    // One mark for each answered sound, whatever was said about it.
    said: figures.messages.filter(({ role }) => role === "command").map(({ time, text }) => ({
      time,
      note: text,
    })),
    silent: figures.silent.map(({ event, reason }) => ({ time: event.onset, note: describeDrop(reason) })),
    heard: figures.detections.map((event) => ({ time: event.onset, note: describeEvent(event) })),
    people: figures.people?.bursts.map(({ time, votes, agreed }) => ({
      time,
      note: `${votes} ${votes === 1 ? "person" : "people"}${agreed ? "" : ", the bot heard nothing"}`,
    })),
    annotated: figures.truth?.annotations.map(({ onset, label }) => ({ time: onset, note: label })),
  };
}

function agreement({ bursts }: ReplayPeople): string {
  if (bursts.length === 0) return "nobody typed the command";
  return `${bursts.filter(({ agreed }) => agreed).length} of ${bursts.length} bursts`;
}

function describeEvent({ label, score, onset, offset }: DetectedEvent): string {
  return `a ${label} of ${(offset - onset).toFixed(1)} s, score ${score.toFixed(2)}`;
}
