import { extname, join } from "node:path";
import { exportClips } from "lib/dataset/export_clips.ts";
import { type LabelEntry, openLedger } from "lib/dataset/label_ledger.ts";
import { labelsToRows } from "lib/dataset/label_rows.ts";
import { writeSegments } from "lib/dataset/segments_file.ts";
import { EVENT_FORMAT_NAMES, EVENT_FORMATS, type EventFormatName } from "lib/events/event_formats.ts";
import { writeFileAtomic } from "lib/system/atomic_file.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { checkEvents, LEDGER_OPTIONS } from "tasks/label/options.ts";

/** `deno task label export`: writes the ledger in other forms. */
export const labelExport = defineCommand({
  name: "label export",
  summary: "writes the ledger as clip folders, label tracks, CSV or segments.txt",
  description:
    "`--format clips` brings data/clips in line with the labels: clips that were corrected move to the other folder, " +
    "missing ones are cut out of their recordings, if these are at hand. Other formats go to standard output or to " +
    "--output; those that know one recording only (audacity, vtt ...) need --recording where there are several.",
  options: {
    ...LEDGER_OPTIONS,
    format: {
      type: "string",
      choices: ["clips", "segments", ...EVENT_FORMAT_NAMES],
      default: "csv",
      help: "what to write",
    },
    output: { type: "string", short: "o", path: true, value: "PATH", help: "file, or folder of clips" },
    recording: { type: "string", value: "NAME", help: "only labels of this recording" },
    vods: {
      type: "string",
      path: true,
      value: "DIR",
      default: "data/vods",
      help: "where recordings lie that clips are cut from",
    },
    force: { type: "boolean", help: "overwrite the output" },
  },
  examples: [
    ["deno task label export --format clips", "bring data/clips in line with the labels"],
    ["deno task label export --format audacity --recording 1746376348 -o labels.txt", "a label track"],
    ["deno task label export --format segments --event ad -o segments.txt", "changes between two classes"],
  ],
  run: async ({ options, print, printJson, printRaw, log, signal }) => {
    checkEvents(options.event);
    const ledger = openLedger(options.ledger);
    const labels = (await ledger.current()).filter((entry) =>
      (options.recording === undefined || entry.recording === options.recording) &&
      isAbout(entry, options.event)
    );
    if (labels.length === 0) log.warn(`no labels of ${options.event.join(", ")} in ${options.ledger}`);
    if (options.format === "clips") {
      const results = await exportClips(ledger, options.output ?? "data/clips", {
        labels,
        signal,
        recordingPath: (recording) => findRecording(recording, options.vods),
      });
      const counts = Map.groupBy(results, ({ done }) => done);
      print([...counts].map(([done, items]) => `${items.length} ${done}`).join(", ") || "nothing to write");
      for (const { path, reason } of counts.get("failed") ?? []) log.error(`${path}: ${reason}`);
      printJson(results.map(({ entry, ...result }) => ({ ...result, id: entry.id, label: entry.label })));
      return counts.has("failed") ? 1 : 0;
    }
    const text = formatLabels(labels, options.format, options.event, ledger.clipPath);
    if (options.output === undefined) printRaw(text.trimEnd());
    else {
      if (!options.force && await Deno.lstat(options.output).then(() => true, () => false)) {
        throw new UsageError(`${options.output} is there already: overwrite it with --force`);
      }
      await writeFileAtomic(options.output, text);
      print(`wrote ${labels.length} labels to ${options.output}`);
      printJson({ output: options.output, labels: labels.length });
    }
    return 0;
  },
});

function isAbout({ label }: LabelEntry, events: readonly string[]): boolean {
  return label === "unsure" || label === "skip" ||
    events.some((event) => label === event || label === `not-${event}`);
}

function formatLabels(
  labels: readonly LabelEntry[],
  format: EventFormatName | "segments",
  events: readonly string[],
  clipPath: (clip: string) => string,
): string {
  if (format === "segments") {
    const [event, another] = events;
    if (event === undefined || another !== undefined) {
      throw new UsageError("--format segments takes one --event");
    }
    return writeSegments(labels.filter(({ label }) => label === event), event);
  }
  const recordings = new Set(labels.map(({ recording }) => recording));
  if (!["csv", "json", "raven", "edl"].includes(format) && recordings.size > 1) {
    throw new UsageError(
      `${format} knows one recording only, and there are ${recordings.size}: say --recording NAME`,
    );
  }
  return EVENT_FORMATS[format].write(labelsToRows(labels, { clipPath }));
}

async function findRecording(recording: string, folder: string): Promise<string | undefined> {
  const isFile = (path: string) => Deno.stat(path).then((info) => info.isFile, () => false);
  if (await isFile(recording)) return recording;
  try {
    for await (const entry of Deno.readDir(folder)) {
      const stem = entry.name.slice(0, entry.name.length - extname(entry.name).length);
      if (entry.isFile && [recording, `v${recording}`].includes(stem)) return join(folder, entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}
