import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { parseNotebook } from "tasks/gate/notebook.ts";
import { firstCellProblems, notebookModule, notebookProblems } from "tasks/gate/notebook_rules.ts";
import { roomProblems } from "tasks/gate/room_tables.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { findNotebooks, NOTEBOOKS_FOLDER } from "tasks/notebooks/find_notebooks.ts";

/** One check that holds for the whole project. */
interface GateCheck {
  readonly name: string;
  /** What is wrong, as text for people; empty when the check passes. */
  run(signal: AbortSignal): Promise<string>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The checks before the tests, in the order in which they are run. */
export const GATE_CHECKS: readonly GateCheck[] = [
  { name: "format", run: (signal) => deno(["fmt", "--check"], signal) },
  { name: "types", run: (signal) => deno(["check", "."], signal) },
  { name: "lint and layers", run: (signal) => deno(["lint"], signal) },
  { name: "floors", run: roomProblems },
  { name: "notebooks", run: checkNotebooks },
];

// Deno 2.9.6 now and then crashes while it exits, after its work is done (one `deno lint` in about 15 runs of this gate).
const CRASHED = 128 + 11;
const MOST_TRIES = 3;

async function deno(args: readonly string[], signal: AbortSignal): Promise<string> {
  for (let attempt = 1;; attempt++) {
    try {
      await runToEnd(Deno.execPath(), args, { signal, cwd: ROOT });
      return "";
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      if (error.code !== CRASHED) return error.stderrTail.trim() || error.message;
      if (attempt === MOST_TRIES) return error.message;
    }
  }
}

async function checkNotebooks(signal: AbortSignal): Promise<string> {
  return await checkNotebookFolder(NOTEBOOKS_FOLDER, { signal, expected: Object.keys(EXPECTED_OUTPUTS) });
}

/**
 * Checks notebooks as they are to be committed: no outputs and stray metadata, cells that are formatted and pass the
 * type checker and the linter, and an entry for what they must show. Gives what is wrong, as text for people.
 */
export async function checkNotebookFolder(
  folder: string,
  { signal, expected }: { readonly signal: AbortSignal; readonly expected: readonly string[] },
): Promise<string> {
  const problems: string[] = [];
  const modules: string[] = [];
  try {
    const names = await findNotebooks(folder);
    for (const name of names) {
      try {
        const notebook = parseNotebook(await Deno.readTextFile(join(folder, `${name}.ipynb`)));
        const wrong = [...notebookProblems(notebook), ...firstCellProblems(notebook)];
        problems.push(...wrong.map((problem) => `${name}.ipynb: ${problem}`));
        // Beside the notebook, so that the configuration and its relative imports hold.
        const module = join(folder, `${name}.cells.ts`);
        modules.push(module);
        await Deno.writeTextFile(module, notebookModule(notebook));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        problems.push(`${name}.ipynb: ${error.message}`);
      }
      if (!expected.includes(name)) {
        problems.push(`${name}.ipynb: has no entry in tasks/notebooks/expected_outputs.ts`);
      }
    }
    for (const name of expected.filter((name) => !names.includes(name))) {
      problems.push(`${name}.ipynb: is missing; tasks/notebooks/expected_outputs.ts names it`);
    }
    if (modules.length > 0) {
      // `deno fmt --check` finds fault with every notebook that it has not just written itself.
      problems.push(await deno(["fmt", "--check", ...modules], signal));
      problems.push(await deno(["check", ...modules], signal));
      problems.push(await deno(["lint", "--rules-exclude=no-console", ...modules], signal));
    }
  } finally {
    for (const module of modules) await Deno.remove(module);
  }
  return problems.filter((problem) => problem !== "").join("\n");
}
