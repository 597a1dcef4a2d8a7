import { openLedger, type UndoTarget } from "lib/learning/dataset/label_ledger.ts";
import { undoLabels } from "lib/learning/dataset/undo_labels.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { LEDGER_OPTIONS } from "tasks/label/options.ts";

/** `deno task label undo`: takes labels back. */
export const labelUndo = defineCommand({
  name: "label undo",
  summary: "takes labels back",
  description:
    "Nothing is removed from the ledger: a line is added for each label that is taken back. Taking " +
    "back a correction brings back what it corrected, and clips go back to the folder of the label that holds again; " +
    "taking back an undo, by its id, brings back the label.",
  options: {
    ledger: LEDGER_OPTIONS.ledger,
    last: { type: "integer", min: 1, value: "N", help: "the last N labels that hold" },
    from: {
      type: "string",
      choices: ["person", "chat", "model", "import"],
      help: "with --last: only labels from there",
    },
    id: { type: "list", value: "ID", help: "the label with this id" },
    import: { type: "string", value: "ID", help: "everything that one import added" },
    by: { type: "string", value: "NAME", default: "", help: "who takes them back" },
  },
  examples: [
    ["deno task label undo --last 1", "the last label"],
    ["deno task label undo --last 20 --from model", "the last twenty that a model gave"],
    ["deno task label undo --id 01kq2v8x3rd2h5m8n4t7w9y1z6", "one label"],
  ],
  run: async ({ options, print, printJson, log }) => {
    const ledger = openLedger(options.ledger);
    const { undos, moved } = await undoLabels(ledger, toTarget(options), {
      kind: "person",
      ...(options.by === "" ? {} : { name: options.by }),
      command: "deno task label undo",
    });
    const { entries } = await ledger.entries();
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const undo of undos) {
      const entry = byId.get(undo.undoes);
      print(
        entry
          ? `took back ${entry.label} at ${entry.onset.toFixed(2)} s of ${entry.recording}`
          : `took back the undo ${undo.undoes}`,
      );
      printJson({ ...undo, entry });
    }
    for (const { from, to } of moved) log.info(`moved ${from} back to ${to}`);
    if (undos.length === 0) log.warn("there was no such label to take back");
  },
});

function toTarget(options: {
  readonly last: number | undefined;
  readonly from: "person" | "chat" | "model" | "import" | undefined;
  readonly id: readonly string[];
  readonly import: string | undefined;
}): UndoTarget {
  const given = [options.last !== undefined, options.id.length > 0, options.import !== undefined];
  if (given.filter(Boolean).length !== 1) throw new UsageError("give one of --last, --id and --import");
  if (options.from !== undefined && options.last === undefined) throw new UsageError("--from needs --last");
  if (options.import !== undefined) return { import: options.import };
  if (options.last === undefined) return options.id;
  return { last: options.last, ...(options.from === undefined ? {} : { from: { kind: options.from } }) };
}
