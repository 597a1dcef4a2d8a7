import { EXIT_CODES, runCommand } from "tasks/command.ts";
import { type Host, systemHost } from "tasks/command/host.ts";
import { suggest } from "tasks/command/suggestion.ts";
import { labelExport } from "tasks/label/export.ts";
import { labelImport } from "tasks/label/import.ts";
import { labelPage } from "tasks/label/page.ts";
import { labelQueue } from "tasks/label/queue.ts";
import { labelUndo } from "tasks/label/undo.ts";

const PARTS = ["import", "export", "undo", "queue"];

/** `deno task label`: opens the page, or hands over to one of its parts. */
export async function label(host: Host): Promise<number> {
  const [name = "", ...args] = host.args;
  const inner = { ...host, args };
  if (name === "import") return await runCommand(labelImport, inner);
  if (name === "export") return await runCommand(labelExport, inner);
  if (name === "undo") return await runCommand(labelUndo, inner);
  if (name === "queue") return await runCommand(labelQueue, inner);
  // A word that is nearly a part is a slip rather than a recording.
  if (/^[a-z]+$/.test(name) && suggest(name, PARTS) !== "") {
    host.writeError(
      `error: label knows no "${name}"${suggest(name, PARTS)}\n` +
        "Run `deno task label --help` to see what it takes.\n",
    );
    return EXIT_CODES.wrongUsage;
  }
  return await runCommand(labelPage, host);
}

if (import.meta.main) Deno.exit(await label(systemHost()));
