import type { ReplayFigures } from "lib/bot/replay_figures.ts";
import { describeDrop } from "lib/bot/session_record.ts";
import type { DetectedEvent } from "lib/detect/streaming_detector.ts";
import type { ReplayReport } from "lib/report/replay_report.ts";

/** The page about a replay. */
export function replayPage(
  figures: ReplayFigures,
  names: { recording: string; event: string },
): ReplayReport {
  const { recording, event } = names;
  const { messages, silent, humans, truth, delay, computeMs } = figures;
  const commands = messages.filter(({ role }) => role === "command");
  const agreed = humans.filter((human) => human.agreed).length;
  return {
    title: `The bot on ${recording}`,
    timeline: botTimeline(figures, recording),
    facts: [
      ["Recording", `${(figures.duration / 60).toFixed(1)} min`],
      [`${event}s heard`, String(figures.detections.length)],
      ["Answers", String(commands.length)],
      ["In the cooldown", String(figures.cooldownHits)],
      [
        "Sound's end to answer",
        delay ? `${delay.median.toFixed(1)} s (at most ${delay.longest.toFixed(1)} s)` : "no answers",
      ],
      ["Of it computing here", computeMs ? `${Math.round(computeMs.median)} ms` : "nothing heard"],
      [
        "Agreement with people",
        humans.length > 0 ? `${agreed} of ${humans.length} bursts` : "nobody typed the command",
      ],
      ["Answers that people confirmed", `${figures.confirmedCommands} of ${commands.length}`],
      ...(truth
        ? [
          ["Annotated events heard", `${Math.round(truth.heardShare * 100)} %`] as const,
          ["False detections an hour", truth.falseDetectionsPerHour.toFixed(1)] as const,
          ["False answers an hour", truth.falseCommandsPerHour.toFixed(1)] as const,
        ]
        : []),
    ],
    moments: [
      ...messages.map(({ time, text, delay }) => ({
        time,
        what: `says ${text}`,
        why: delay === undefined ? "" : `${delay.toFixed(1)} s after the end of the sound`,
      })),
      ...silent.map(({ time, event, reason }) => ({
        time,
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
    said: figures.messages.map(({ time, text }) => ({ time, note: text })),
    silent: figures.silent.map(({ event, reason }) => ({ time: event.onset, note: describeDrop(reason) })),
    heard: figures.detections.map((event) => ({ time: event.onset, note: describeEvent(event) })),
    people: figures.humans.map(({ time, votes, agreed }) => ({
      time,
      note: `${votes} ${votes === 1 ? "person" : "people"}${agreed ? "" : ", the bot heard nothing"}`,
    })),
    annotated: figures.truth?.annotations.map(({ onset, label }) => ({ time: onset, note: label })),
  };
}

function describeEvent({ label, score, onset, offset }: DetectedEvent): string {
  return `a ${label} of ${(offset - onset).toFixed(1)} s, score ${score.toFixed(2)}`;
}
