import { counted } from "lib/base/events/counted.ts";
import { EVENT_FORMAT_NAMES } from "lib/base/events/event_formats.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { exists } from "lib/base/system/exists.ts";
import { exportClips } from "lib/learning/dataset/export_clips.ts";
import { findRecording, formatLabels, isAbout } from "lib/learning/dataset/export_labels.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
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
      (options.recording === undefined ||
        entry.recording.normalize("NFC") === options.recording.normalize("NFC")) &&
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
    const text = format(labels, options.format, options.event, ledger.clipPath);
    if (options.output === undefined) printRaw(text.trimEnd());
    else {
      if (!options.force && await exists(options.output)) {
        throw new Deno.errors.AlreadyExists(`${options.output} is there already: overwrite it with --force`);
      }
      await writeFileAtomic(options.output, text);
      print(`wrote ${counted(labels.length, "label")} to ${options.output}`);
      printJson({ output: options.output, labels: labels.length });
    }
    return 0;
  },
});

function format(...parts: Parameters<typeof formatLabels>): string {
  try {
    return formatLabels(...parts);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}
