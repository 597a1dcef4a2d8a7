import { type EventFilePair, pairEventFiles } from "lib/learning/evaluate/event_pairs.ts";
import { sumScores } from "lib/learning/evaluate/score_events.ts";
import { requireCommonLabel, requireEvent, scoreFiles } from "lib/learning/evaluate/score_files.ts";
import { formatReport, reportScore } from "lib/learning/evaluate/score_report.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";

/** Options that matter where found events are held against annotations. */
interface CompareOptions {
  readonly hours: number | undefined;
  readonly collars: readonly number[];
  readonly offsets: boolean;
  readonly overlap: number;
  /** Length of a segment, in seconds. */
  readonly segment: number;
  readonly event: string | undefined;
  /** Whether labels need not agree. */
  readonly anyLabel: boolean;
}

/** Compares pairs of files or folders of found events and annotations, and prints the figures of each and of all. */
export async function compareEvents(
  paths: readonly string[],
  options: CompareOptions,
  { log, print, printJson, signal }: Pick<
    CommandContext<Record<never, never>>,
    "log" | "print" | "printJson" | "signal"
  >,
): Promise<void> {
  if (paths.length === 0) throw new UsageError("FOUND ANNOTATIONS is missing");
  if (paths.length % 2 !== 0) throw new UsageError("found events and annotations go by turns, two each");
  const pairs: EventFilePair[] = [];
  for (let i = 0; i < paths.length; i += 2) {
    const paired = await pairEventFiles(paths[i]!, paths[i + 1]!);
    pairs.push(...paired.pairs);
    for (const name of paired.notSearched) log.warn(`${name} is annotated, but was not searched: left out`);
  }
  if (options.event !== undefined) await requireEvent(pairs, options.event);
  else if (!options.anyLabel) await requireCommonLabel(pairs);
  const show = (report: ReturnType<typeof reportScore>) => {
    formatReport(report).forEach(print);
    printJson(report);
  };
  const scores = [];
  for (const pair of pairs) {
    const score = await scoreFiles(pair, {
      collars: options.collars,
      offsets: options.offsets,
      minOverlap: options.overlap,
      segment: options.segment,
      event: options.event,
      duration: options.hours && options.hours * 3600,
      measureDuration: (path) => measureDuration(path, signal),
      onNote: (line) => log.info(line),
    });
    scores.push(score);
    show(reportScore(pair.name, score));
  }
  if (scores.length > 1) show(reportScore("total", sumScores(scores)));
}

async function measureDuration(path: string, signal: AbortSignal): Promise<number> {
  const { blocks, duration, sampleRate, close } = await openAudio(path, { sampleRate: 8000, signal });
  if (duration !== undefined) return await close().then(() => duration);
  let samples = 0;
  for await (const block of blocks) samples += block.length;
  return samples / sampleRate;
}
