import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProgramError, runToEnd } from "lib/system/run_program.ts";
import { parseNotebook } from "tasks/gate/notebook.ts";
import { notebookModule, notebookProblems } from "tasks/gate/notebook_rules.ts";

/** One check that holds for the whole project. */
export interface GateCheck {
  readonly name: string;
  /** What is wrong, as text for people; empty when the check passes. */
  run(signal: AbortSignal): Promise<string>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NOTEBOOKS = join(ROOT, "notebooks");

/** The checks before the tests, in the order in which they are run. */
export const GATE_CHECKS: readonly GateCheck[] = [
  { name: "format", run: (signal) => deno(["fmt", "--check"], signal) },
  { name: "types", run: (signal) => deno(["check", "."], signal) },
  { name: "lint and layers", run: (signal) => deno(["lint"], signal) },
  { name: "notebooks", run: checkNotebooks },
];

async function deno(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    await runToEnd(Deno.execPath(), args, { signal, cwd: ROOT });
    return "";
  } catch (error) {
    if (error instanceof ProgramError) return error.stderrTail.trim() || error.message;
    throw error;
  }
}

async function checkNotebooks(signal: AbortSignal): Promise<string> {
  const problems: string[] = [];
  const modules: string[] = [];
  try {
    for (const name of await notebookNames()) {
      try {
        const notebook = parseNotebook(await Deno.readTextFile(join(NOTEBOOKS, name)));
        problems.push(...notebookProblems(notebook).map((problem) => `${name}: ${problem}`));
        // Beside the notebook, so that the configuration and its relative imports hold.
        const module = join(NOTEBOOKS, `${name.replace(/\.ipynb$/, "")}.cells.ts`);
        await Deno.writeTextFile(module, notebookModule(notebook), { createNew: true });
        modules.push(module);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        problems.push(`${name}: ${error.message}`);
      }
    }
    if (modules.length > 0) {
      problems.push(await deno(["check", ...modules], signal));
      problems.push(await deno(["lint", "--rules-exclude=no-console", ...modules], signal));
    }
  } finally {
    for (const module of modules) await Deno.remove(module);
  }
  return problems.filter((problem) => problem !== "").join("\n");
}

async function notebookNames(): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(NOTEBOOKS)) {
      if (entry.isFile && entry.name.endsWith(".ipynb")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.toSorted();
}
