import { join } from "node:path";
import { listOutputs, outputProblems } from "tasks/notebooks/check_outputs.ts";
import { type ExecutedNotebook, shownOutputs } from "tasks/notebooks/executed_notebook.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { NOTEBOOKS_FOLDER } from "tasks/notebooks/find_notebooks.ts";
import { type NotebookRun, runNotebook } from "tasks/notebooks/run_notebook.ts";

/** How a notebook did. */
export interface NotebookCheck {
  /** Empty when all is well. */
  readonly problems: readonly string[];
  /** Cells of code that were run to their end. */
  readonly cells: number;
  /** Figures, players, pictures and tables that were shown. */
  readonly outputs: number;
  readonly seconds: number;
  readonly notebook: ExecutedNotebook;
}

// Long enough to see what a notebook shows that has no entry yet.
const UNKNOWN_NOTEBOOK = { cellSeconds: 600, outputs: [] } as const;

/** Runs one of the project's notebooks and holds it against what it must show. */
export async function checkNotebook(
  name: string,
  { quick, signal, onCell }: Omit<NotebookRun, "cellSeconds">,
): Promise<NotebookCheck> {
  const expected = EXPECTED_OUTPUTS[name];
  const { cellSeconds, outputs } = expected ?? UNKNOWN_NOTEBOOK;
  let cells = 0;
  const started = performance.now();
  const { notebook, problem } = await runNotebook(join(NOTEBOOKS_FOLDER, `${name}.ipynb`), {
    quick,
    cellSeconds,
    ...(signal && { signal }),
    onCell: (cell, seconds) => {
      cells++;
      onCell?.(cell, seconds);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const shown = shownOutputs(notebook);
  const differences = problem === undefined ? outputProblems(shown, outputs) : [problem];
  const problems = expected === undefined
    ? [...differences, "it has no entry in tasks/notebooks/expected_outputs.ts"]
    : differences;
  if (problem === undefined && problems.length > 0) {
    problems.push(`it shows:\n    ${listOutputs(shown).join(",\n    ")}`);
  }
  return {
    problems,
    cells,
    outputs: shown.filter(({ kind }) => kind !== "text" && kind !== "error").length,
    seconds,
    notebook,
  };
}
