import { openAudio } from "lib/audio/audio_source.ts";
import { type EventFilePair, pairEventFiles } from "lib/evaluate/event_pairs.ts";
import { sumScores } from "lib/evaluate/score_events.ts";
import { requireEvent, scoreFiles } from "lib/evaluate/score_files.ts";
import { formatReport, reportScore } from "lib/evaluate/score_report.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";

/** `deno task evaluate`: compares found events with annotations. */
export const evaluate = defineCommand({
  name: "evaluate",
  summary: "compares found events with annotations",
  description:
    "Prints precision, recall and F1 of events (matched one to one by onset within each collar, and by " +
    "overlap), and false alarms an hour: found events that touch no annotation widened by half a second. Takes one " +
    "or more pairs of files or folders, in any event format. In folders, both go by the recording's name.",
  positionals: { name: "FOUND ANNOTATIONS", help: "found events and annotations, by turns", min: 2 },
  options: {
    hours: {
      type: "number",
      min: 1e-6,
      value: "H",
      help: "length of each recording; by default it is measured",
    },
    collar: {
      type: "list",
      separator: ",",
      value: "S",
      default: ["0.5", "1"],
      help: "onset collars in seconds",
    },
    overlap: { type: "number", min: 0, max: 1, default: 0.3, help: "smallest intersection over union" },
    event: { type: "string", value: "NAME", help: "compare only events with this label; by default all" },
  },
  examples: [
    ["deno task evaluate data/found/a/events.csv data/vods/a.csv --hours 2.5", "one recording"],
    ["deno task evaluate data/found data/vods", "all annotated recordings, and all together"],
  ],
  run: async ({ options, positionals, log, print, printJson, signal }) => {
    if (positionals.length % 2 !== 0) {
      throw new UsageError("found events and annotations go by turns, two each");
    }
    const collars = options.collar.map(Number);
    if (!collars.every((collar) => collar > 0)) throw new UsageError("--collar takes seconds above 0");
    const pairs: EventFilePair[] = [];
    for (let i = 0; i < positionals.length; i += 2) {
      const paired = await pairEventFiles(positionals[i]!, positionals[i + 1]!);
      pairs.push(...paired.pairs);
      for (const name of paired.notSearched) log.warn(`${name} is annotated, but was not searched: left out`);
    }
    if (options.event !== undefined) await requireEvent(pairs, options.event);
    const show = (report: ReturnType<typeof reportScore>) => {
      formatReport(report).forEach(print);
      printJson(report);
    };
    const scores = [];
    for (const pair of pairs) {
      const score = await scoreFiles(pair, {
        collars,
        minOverlap: options.overlap,
        event: options.event,
        duration: options.hours && options.hours * 3600,
        measureDuration: (path) => measureDuration(path, signal),
        onNote: (line) => log.info(line),
      });
      scores.push(score);
      show(reportScore(pair.name, score));
    }
    if (scores.length > 1) show(reportScore("total", sumScores(scores)));
  },
});

async function measureDuration(path: string, signal: AbortSignal): Promise<number> {
  const { blocks, duration, sampleRate, close } = await openAudio(path, { sampleRate: 8000, signal });
  if (duration !== undefined) return await close().then(() => duration);
  let samples = 0;
  for await (const block of blocks) samples += block.length;
  return samples / sampleRate;
}

if (import.meta.main) await runAsMain(evaluate);
