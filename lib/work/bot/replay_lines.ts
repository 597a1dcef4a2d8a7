import { counted } from "lib/base/events/counted.ts";
import type { ReplayFigures, SilentEvent } from "lib/work/bot/replay_figures.ts";
import { describeDrop } from "lib/work/bot/session_record.ts";

/** The figures of a replay in lines for people. */
export function describeReplay(figures: ReplayFigures, event: string): string[] {
  const { detections, messages, silent, people, truth, delay, computeMs } = figures;
  const commands = messages.filter(({ role }) => role === "command").length;
  const one = (value: number) => value.toFixed(1);
  const lines = [
    `${(figures.duration / 60).toFixed(1)} minutes: ${counted(detections.length, event)} heard, ` +
    `${commands} answered, ${silent.length} left unanswered, ${figures.withdrawn} taken back`,
  ];
  if (silent.length > 0) {
    const reasons = silenceReasons(silent).map(([reason, count]) => `${reason} (${count})`);
    lines.push(`unanswered because ${reasons.join(", ")}`);
  }
  if (delay) {
    lines.push(
      `from the end of the sound to the command: ${one(delay.median)} s in the middle, ` +
        `${
          one(delay.longest)
        } s at most, which is the wait for the rest of the segment and for the announcement`,
    );
  }
  if (computeMs) {
    lines.push(
      `live, computing comes on top (here ${Math.round(computeMs.median)} ms, ` +
        `${Math.round(computeMs.longest)} ms at most), and the seconds by which the stream itself is late`,
    );
  }
  if (people) {
    const agreed = people.bursts.filter((burst) => burst.agreed).length;
    lines.push(
      `people said so ${counted(people.bursts.length, "time")}; ${agreed} of these the bot heard too; ` +
        `${people.confirmedCommands} of ${commands} answers were confirmed by people`,
    );
  }
  if (truth) {
    lines.push(
      `against ${counted(truth.annotations.length, "annotation")}: ${
        Math.round(truth.heardShare * 100)
      } % heard, ` +
        `${one(truth.falseDetectionsPerHour)} false detections and ` +
        `${one(truth.falseCommandsPerHour)} false answers an hour`,
    );
  }
  return lines;
}

/** Why nothing was said, in words, and how often; the most frequent reason first. */
export function silenceReasons(silent: readonly SilentEvent[]): [reason: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { reason } of silent) {
    const words = describeDrop(reason);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a);
}
