import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProgramError, runProgram } from "lib/system/run_program.ts";
import { jupyterProgram } from "tasks/setup/jupyter_piece.ts";
import { type ExecutedNotebook, parseExecutedNotebook } from "tasks/notebooks/executed_notebook.ts";

/** How a notebook is run. */
export interface NotebookRun {
  /** Small settings, as `quick` of `notebooks/demo_data.ts`. */
  readonly quick: boolean;
  /** Longest time that a cell may take, in seconds. */
  readonly cellSeconds: number;
  readonly signal?: AbortSignal;
  /** Told after each cell, with its number from 1. */
  readonly onCell?: (cell: number, seconds: number) => void;
}

/** How a run ended. */
export interface NotebookResult {
  /** With the outputs of the cells that were run. */
  readonly notebook: ExecutedNotebook;
  /** Why it did not run to its end. */
  readonly problem?: string;
}

const SCRIPT = fileURLToPath(new URL("./run_notebook.py", import.meta.url));

/**
 * Runs a notebook in a kernel of its own, with an empty folder for its demo data.
 * @throws {ProgramError} when Jupyter itself fails.
 */
export async function runNotebook(path: string, run: NotebookRun): Promise<NotebookResult> {
  const { quick, cellSeconds, signal, onCell } = run;
  signal?.throwIfAborted();
  const folder = await Deno.makeTempDir({ prefix: "notebook-" });
  // The script ends its kernel when its input ends: after an interruption, and if this process is killed.
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const endInput = () => void input.writable.close().catch(() => {});
  signal?.addEventListener("abort", endInput, { once: true });
  try {
    const target = join(folder, "executed.ipynb");
    const program = runProgram(jupyterProgram("python"), [SCRIPT, path, target, String(cellSeconds)], {
      env: {
        NOTEBOOKS_QUICK: quick ? "1" : "",
        NOTEBOOKS_FOLDER: join(folder, "data"),
        NOTEBOOKS_RECEIPTS: join(folder, "receipts"),
        // Its own settings and secrets, so that a run sees nothing of its user's.
        JUPYTER_CONFIG_DIR: join(folder, "jupyter"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
        // nbclient reads stdout of the kernel's program, and colours would stand in it.
        NO_COLOR: "1",
      },
      stdin: input.readable,
    });
    for await (const line of lines(program.stdout)) {
      const { cell, seconds } = JSON.parse(line);
      onCell?.(cell, seconds);
    }
    const { success, code } = await program.status;
    signal?.throwIfAborted();
    const text = await Deno.readTextFile(target).catch(() => undefined);
    const [problem = ""] = program.stderrTail().trim().split("\n").slice(-1);
    if (text === undefined) {
      throw new ProgramError(`${path} could not be run: ${problem}`, code, program.stderrTail());
    }
    return { notebook: parseExecutedNotebook(text), ...(success ? {} : { problem }) };
  } finally {
    signal?.removeEventListener("abort", endInput);
    endInput();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest.trim() !== "") yield rest;
}
