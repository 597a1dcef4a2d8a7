import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { relabelClips } from "lib/learning/dataset/relabel_clips.ts";
import type { CommandContext } from "tasks/command.ts";

/** Gives clips another label, and says where they are now. */
export async function relabel(
  paths: readonly string[],
  label: string,
  options: { readonly by: string; readonly clipFolder: string; readonly ledger: string },
  { log, print, printJson }: Pick<CommandContext<Record<never, never>>, "log" | "print" | "printJson">,
): Promise<void> {
  const changes = paths.map((path) => ({ path, label }));
  const { entries, moved, left } = await relabelClips(openLedger(options.ledger), changes, {
    by: options.by === "" ? "user" : options.by,
    command: "deno task review",
    clipsRoot: options.clipFolder,
  });
  for (const { from, to } of moved) log.info(`${from} is now ${to}`);
  for (const { path, reason } of left) log.warn(`${path}: ${reason}`);
  print(`relabelled ${entries.length} of ${paths.length} clips as ${label}`);
  if (entries.length > 0) log.info(`take it back with: deno task label undo --last ${entries.length}`);
  printJson({ relabelled: entries, moved, left });
}
