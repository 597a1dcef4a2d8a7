import { dirname, join } from "node:path";
import { hollowOutputs, listOutputs, outputProblems } from "tasks/notebooks/check_outputs.ts";
import { type ExecutedNotebook, shownOutputs } from "tasks/notebooks/executed_notebook.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { OWN_DATA, ownOutputs, withEdits } from "tasks/notebooks/own_data.ts";
import { listFiles, withProjectCopy } from "tasks/notebooks/project_copy.ts";
import { type NotebookOptions, type OpenNotebook, withNotebook } from "tasks/notebooks/run_notebook.ts";

/**
 * States that a notebook must run from, in the order in which it is run: in a fresh clone, a second time in the same kernel,
 * after a restart of the kernel, and on somebody's own data, for which the first cell alone is changed.
 */
export const NOTEBOOK_STATES = ["fresh", "again", "restarted", "own"] as const;
export type NotebookState = typeof NOTEBOOK_STATES[number];

/** How a notebook did from one state. */
interface StateCheck {
  readonly state: NotebookState;
  /** Empty when all is well. */
  readonly problems: readonly string[];
  /** Cells of code that were run to their end. */
  readonly cells: number;
  /** Figures, players, pictures and tables that were shown. */
  readonly outputs: number;
  readonly seconds: number;
  readonly notebook: ExecutedNotebook;
}

/** How a notebook is checked. */
interface NotebookCheckOptions extends NotebookOptions {
  /** All by default. */
  readonly states?: readonly NotebookState[] | undefined;
  readonly onCell?: ((state: NotebookState, cell: number, seconds: number) => void) | undefined;
  /** Told after each state. */
  readonly onState?: ((check: StateCheck) => void) | undefined;
}

// Long enough to see what a notebook shows that has no entry yet.
const UNKNOWN_NOTEBOOK = { cellSeconds: 600, outputs: [] } as const;

/**
 * Runs one of the project's notebooks in a copy of the project without data, and holds it against what it must show. It
 * may write into `data` and nowhere else.
 */
export async function checkNotebook(
  name: string,
  { states = NOTEBOOK_STATES, onCell, onState, ...options }: NotebookCheckOptions,
): Promise<StateCheck[]> {
  const checks: StateCheck[] = [];
  await withProjectCopy(name, options, async (root) => {
    const before = await listFiles(root);
    await withNotebook(root, join("notebooks", `${name}.ipynb`), options, async (open) => {
      for (const state of states) {
        const check = await checkState(name, state, { root, before, open, first: checks[0], onCell });
        checks.push(check);
        onState?.(check);
      }
    });
  });
  return checks;
}

async function checkState(name: string, state: NotebookState, { root, before, open, first, onCell }: {
  readonly root: string;
  readonly before: ReadonlyMap<string, string>;
  readonly open: OpenNotebook;
  readonly first: StateCheck | undefined;
  readonly onCell: NotebookCheckOptions["onCell"];
}): Promise<StateCheck> {
  const expected = EXPECTED_OUTPUTS[name];
  const own = state === "own" ? OWN_DATA[name] : undefined;
  const { cellSeconds, outputs } = expected ?? UNKNOWN_NOTEBOOK;
  const wanted = own ? ownOutputs(outputs, own) : outputs;
  // Somebody with data of one's own opens the notebook anew, as after a restart.
  if (state === "restarted" || (state === "own" && first)) await open.restart();
  await own?.prepare(root);
  const readKept = () => Promise.all((own?.kept ?? []).map((path) => Deno.readTextFile(join(root, path))));
  const kept = await readKept();
  let cells = 0;
  const started = performance.now();
  const { notebook, problem } = await open.runAll({
    cellSeconds,
    ...(own && { changeFirstCell: (source) => withEdits(source, own.edits) }),
    onCell: (cell, seconds) => {
      cells++;
      onCell?.(state, cell, seconds);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const shown = shownOutputs(notebook);
  const problems = problem === undefined ? outputProblems(shown, wanted) : [problem];
  if (problem === undefined && problems.length > 0) {
    problems.push(`it shows:\n    ${listOutputs(shown).join(",\n    ")}`);
  }
  if (expected === undefined) problems.push("it has no entry in tasks/notebooks/expected_outputs.ts");
  if (state === "own" && !own) problems.push("it has no entry in tasks/notebooks/own_data.ts");
  if (first && !own) problems.push(...hollowOutputs(shownOutputs(first.notebook), shown));
  const changed = (await readKept()).findIndex((text, index) => text !== kept[index]);
  if (changed >= 0) problems.push(`it changes ${own?.kept?.[changed]} without being asked to`);
  const after = await listFiles(root);
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    // What lies in a new folder goes without saying.
    if (!before.has(path) && !before.has(dirname(path)) && dirname(path) !== ".") continue;
    // Models of one's own go beside those that are there.
    if (own && path.startsWith("models") && !before.has(path)) continue;
    if (before.get(path) !== after.get(path)) {
      problems.push(`it changes ${path}: only data may be written to`);
    }
  }
  return {
    state,
    problems,
    cells,
    seconds,
    notebook,
    outputs: shown.filter(({ kind }) => kind !== "text" && kind !== "error").length,
  };
}
