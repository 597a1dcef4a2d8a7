import { EXIT_CODES, runCommand } from "tasks/command.ts";
import { formatHelp } from "tasks/command/help.ts";
import { type Host, systemHost } from "tasks/command/host.ts";
import { suggest } from "tasks/command/suggestion.ts";
import { labelExport } from "tasks/label/export.ts";
import { labelImport } from "tasks/label/import.ts";
import { labelQueue } from "tasks/label/queue.ts";
import { labelUndo } from "tasks/label/undo.ts";

const HELP = {
  name: "label",
  summary: "keeps the labels of clips and recordings in data/labels.jsonl",
  description: "Say which of these; each has a --help of its own.\n" +
    "  import   reads clip folders, label tracks, CSV and segments.txt into the ledger\n" +
    "  export   writes the ledger as clip folders, label tracks, CSV or segments.txt\n" +
    "  undo     takes labels back\n" +
    "  queue    says which undecided clips to label next",
  options: { help: { type: "boolean", short: "h", help: "show this help" } },
  positionals: { name: "import | export | undo | queue", help: "what to do", min: 1 },
  examples: [
    ["deno task label import", "clips in data/clips, and found clips that were sorted"],
    ["deno task label export --format csv", "all labels, as a table"],
    ["deno task label undo --last 3", "the last three labels"],
  ],
} as const;

/** `deno task label`: hands over to one of its parts. */
export async function label(host: Host): Promise<number> {
  const [name, ...args] = host.args;
  const inner = { ...host, args };
  if (name === "import") return await runCommand(labelImport, inner);
  if (name === "export") return await runCommand(labelExport, inner);
  if (name === "undo") return await runCommand(labelUndo, inner);
  if (name === "queue") return await runCommand(labelQueue, inner);
  if (name === "--help" || name === "-h") {
    host.write(`${formatHelp(HELP)}\n`);
    return EXIT_CODES.done;
  }
  if (name === undefined) host.writeError(`${formatHelp(HELP)}\n`);
  else {
    host.writeError(
      `error: label knows no "${name}"${suggest(name, ["import", "export", "undo", "queue"])}\n` +
        "Run `deno task label --help` to see what it takes.\n",
    );
  }
  return EXIT_CODES.wrongUsage;
}

if (import.meta.main) Deno.exit(await label(systemHost()));
