import { listRuns } from "lib/learning/evaluate/evaluation_run.ts";
import { formatRuns, runsTables } from "lib/learning/evaluate/runs_table.ts";
import type { CommandContext } from "tasks/command.ts";
import { REPORTS_FOLDER } from "tasks/evaluate/run_folder.ts";

/** Prints a table of the evaluations that were kept, and which of their differences are real. */
export async function showRuns(
  event: string | undefined,
  { print, printJson, log }: Pick<CommandContext<Record<never, never>>, "print" | "printJson" | "log">,
  root = REPORTS_FOLDER,
): Promise<void> {
  const runs = (await listRuns(root)).filter(({ run }) => event === undefined || run.event === event);
  if (runs.length === 0) log.info(`no evaluation is kept in ${root}; evaluate a model with --model`);
  for (const table of runsTables(runs)) {
    formatRuns(table).forEach(print);
    printJson(table);
  }
}
