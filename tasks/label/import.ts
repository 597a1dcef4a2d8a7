import { counted } from "lib/base/events/counted.ts";
import { READ_EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { expandInputs } from "lib/media/audio/inputs.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { importLabels } from "lib/work/review/import_labels.ts";
import { checkEvents, LEDGER_OPTIONS } from "tasks/label/options.ts";

/** `deno task label import`: reads labels into the ledger. */
export const labelImport = defineCommand({
  name: "label import",
  summary: "reads clip folders, label tracks, CSV and segments.txt into the ledger",
  description:
    "Without a name it reads data/clips/<event>-audio and not-<event>-audio, and the found clips that you moved " +
    "into folders <event>s and not-<event>s anywhere below data/found: these go to data/clips with the recording and " +
    "the times that find wrote down. A clip that you moved to the other folder is a correction. Labels that " +
    "contradict one another are listed and left as they are.\n" +
    `Files of labels are ${READ_EVENT_FORMATS}; and segments.txt.`,
  positionals: { name: "[FOLDER | FILE]...", help: "clip folders and files of labels, in any event format" },
  options: {
    ...LEDGER_OPTIONS,
    recording: { type: "string", value: "NAME", help: "the recording of files that name none" },
    beginsWith: {
      type: "string",
      choices: ["event", "not-event"],
      help: "what recordings of a segments.txt begin with, if it does not say (event: its class A)",
    },
    clipFolder: {
      type: "string",
      formerly: "clips",
      path: true,
      value: "DIR",
      default: "data/clips",
      help: "folder of the clip folders",
    },
    found: { type: "string", path: true, value: "DIR", default: "data/found", help: "folder of found clips" },
    by: { type: "string", value: "NAME", default: "", help: "who gave these labels; makes them a person's" },
    correct: { type: "boolean", help: "let these labels win over those that contradict them" },
    dryRun: { type: "boolean", help: "only show what would be added" },
  },
  examples: [
    ["deno task label import", "clips in data/clips, and found clips that were sorted"],
    ["deno task label import labels.txt --recording 1746376348", "an Audacity label track"],
    ["deno task label import segments.txt --event ad --begins-with not-event", "changes between two classes"],
  ],
  run: async (context) => {
    const { options, positionals, log, print, printJson, signal } = context;
    checkEvents(options.event);
    const ledger = openLedger(options.ledger);
    const files = positionals.length > 0 ? await expandLabels(positionals) : undefined;
    const imported = await importLabels(files, {
      ledger,
      options: { ...options, clips: options.clipFolder },
      log,
      signal,
      source: {
        kind: options.by === "" ? "import" as const : "person" as const,
        ...(options.by === "" ? {} : { name: options.by }),
        command: "deno task label import",
      },
    }).catch((error) => {
      throw files && error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
    });
    const { id, added, corrections, known, bad, conflicts } = imported;
    for (const { incoming, against } of conflicts) {
      const who = "id" in against ? `${against.source.kind} (label ${against.id})` : "this import";
      log.error(
        `conflict: ${incoming.label} for ${incoming.clip ?? incoming.recording} at ${
          incoming.onset.toFixed(2)
        } s, but ${who} says ${against.label} at ${against.onset.toFixed(2)} s`,
      );
    }
    if (added + known + conflicts.length + bad === 0) {
      log.info(
        positionals.length > 0
          ? "nothing to import: there are no labels in what was named"
          : `nothing to import: put clips into ${options.clipFolder}/${options.event[0]}-audio and not-${
            options.event[0]
          }-audio, ` +
            `or sort found clips below ${options.found} into ${options.event[0]}s and not-${
              options.event[0]
            }s`,
      );
    }
    const verb = options.dryRun ? "would add" : "added";
    print(
      `${verb} ${added} label${
        added === 1 ? "" : "s"
      } (${corrections} of them corrections), ${known} were known, ` +
        `${counted(conflicts.length, "conflict")}, ${counted(bad, "file")} could not be read`,
    );
    if (added > 0 && !options.dryRun) {
      log.info(`take them back with: deno task label undo --import ${id}`);
    }
    if (conflicts.length > 0) log.info("settle conflicts by moving the clips, or by --correct");
    printJson({ import: id, added, corrections, known, bad, conflicts });
    return conflicts.length > 0 || bad > 0 ? 1 : 0;
  },
});

async function expandLabels(patterns: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    const isThere = await leadsSomewhere(pattern);
    paths.push(...isThere ? [pattern] : await expandInputs([pattern]));
  }
  return paths;
}
