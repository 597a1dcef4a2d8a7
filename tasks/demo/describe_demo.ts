import { dirname, join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import { formatReport, type ScoreReport } from "lib/learning/evaluate/score_report.ts";
import { judgeEvents } from "lib/show/plots/judged_events.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { describeEvent } from "tasks/find/print_for_people.ts";

/** What the demo made and found. */
interface DemoOutcome {
  readonly recording: string;
  /** The sound that was looked for. */
  readonly label: string;
  readonly events: readonly FoundEvent[];
  readonly truth: readonly SoundEvent[];
  readonly score: ScoreReport;
  /** Where what was found is kept. */
  readonly folder: string;
}

/** The demo's results in lines: what was found, what was missed, the figures, where the files are, what to do next. */
export function describeDemo({ recording, label, events, truth, score, folder }: DemoOutcome): string[] {
  const judged = judgeEvents(events, truth);
  const missed = judged.missed.map(({ onset }) => formatTime(onset, 0));
  const wrong = counted(judged.falseAlarms.length, "false alarm");
  return [
    ...events.map((event) =>
      `${describeEvent(event, events)}  ${judged.kindOf(event) === "falseAlarm" ? "false alarm" : "right"}`
    ),
    "",
    `${truth.length - missed.length} of ${
      counted(truth.length, label)
    } found, ${missed.length} missed, ${wrong}`,
    ...(missed.length > 0 ? [`Missed at ${missed.join(", ")}: listen to them in the report`] : []),
    "",
    ...formatReport(score),
    "",
    `Events, clips and report: ${folder}`,
    "Next:",
    `  open ${join(folder, "report.html")} in a browser: all finds and misses, to see and to hear`,
    ...nextCommands([
      [
        // With a ledger of its own: synthetic burps are not to be trained on with real ones.
        `label ${recording} --found ${dirname(folder)} --ledger ${join(dirname(recording), "labels.jsonl")}`,
        "correct them on a page in the browser",
      ],
      ["find stream.wav", "a recording of yours; `setup` fetches ffmpeg for other formats than WAV"],
      ["help", "everything else"],
    ]),
  ];
}

/** Commands as whoever has only Node must write them, or as those write them who have Deno. */
function nextCommands(commands: readonly (readonly [command: string, meaning: string])[]): string[] {
  const startedByNpx = Deno.env.get("npm_command") === "exec";
  const task = startedByNpx ? `npx --yes deno@${Deno.version.deno} task` : "deno task";
  return commands.flatMap(([command, meaning]) => [`  ${task} ${command}`, `      ${meaning}`]);
}
