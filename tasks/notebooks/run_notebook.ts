import { join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import {
  type CellOutput,
  type ExecutedNotebook,
  joined,
  parseExecutedNotebook,
} from "tasks/notebooks/executed_notebook.ts";
import { startJupyter } from "tasks/notebooks/jupyter_server.ts";
import { CellProblem, openSession } from "tasks/notebooks/kernel_session.ts";

/** How a notebook is opened. */
export interface NotebookOptions {
  /** Small settings, as `quick` of `notebooks/demo_data.ts`. */
  readonly quick: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How all cells of a notebook are run. */
interface RunAllOptions {
  /** Longest time that a cell may take, in seconds. */
  readonly cellSeconds: number;
  /** Told after each cell, with its number from 1. */
  readonly onCell?: ((cell: number, seconds: number) => void) | undefined;
  /** Changes the first cell of code, as somebody does who has data of their own. */
  readonly changeFirstCell?: ((source: string) => string) | undefined;
}

/** How a run ended. */
interface NotebookResult {
  /** With the outputs of the cells that were run. */
  readonly notebook: ExecutedNotebook;
  /** Why it did not run to its end. */
  readonly problem?: string;
}

/** A notebook that is open in a Jupyter server, with a kernel of its own. */
export interface OpenNotebook {
  /** "Run All Cells". */
  runAll(options: RunAllOptions): Promise<NotebookResult>;
  /** "Restart Kernel". */
  restart(): Promise<void>;
}

// Other ports than those that people open notebooks at.
const FIRST_PORT = 29_000;
const PORTS = 900;
// Text may come after the end of its cell.
const LAST_OUTPUTS_MS = 500;

/**
 * Opens a notebook for the time of `use` in a Jupyter server of its own, which starts the kernel as it does for
 * JupyterLab: in the notebook's folder.
 *
 * @param root What the server shows.
 * @param path Of the notebook, seen from the root.
 */
export async function withNotebook<T>(
  root: string,
  path: string,
  { quick, signal }: NotebookOptions,
  use: (notebook: OpenNotebook) => Promise<T>,
): Promise<T> {
  const text = await Deno.readTextFile(join(root, path));
  const folder = await Deno.makeTempDir({ prefix: "notebook-" });
  const receiptsPath = join(folder, "receipts");
  const receipts = await Deno.open(receiptsPath, { create: true, append: true });
  try {
    const server = await startJupyter({
      root,
      signal,
      logPath: join(folder, "jupyter.log"),
      port: FIRST_PORT + Math.floor(Math.random() * PORTS),
      env: {
        NOTEBOOKS_QUICK: quick ? "1" : "",
        NOTEBOOKS_RECEIPTS: receiptsPath,
        // Its own settings and secrets, so that a run sees nothing of its user's.
        JUPYTER_CONFIG_DIR: join(folder, "jupyter"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
        NO_COLOR: "1",
      },
    });
    try {
      const byte = Uint8Array.of(46);
      const onOutput = () => void receipts.writeSync(byte);
      const session = await openSession(server, path, { signal, onOutput });
      try {
        return await use({
          runAll: (options) => runAll(parseExecutedNotebook(text), session.run, options),
          async restart() {
            await session.restart();
            await receipts.truncate();
          },
        });
      } finally {
        session.close();
      }
    } finally {
      await server.close();
    }
  } finally {
    receipts.close();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

type RunCell = (source: string, options: { seconds: number; outputs: CellOutput[] }) => Promise<void>;

async function runAll(
  notebook: ExecutedNotebook,
  run: RunCell,
  { cellSeconds, onCell, changeFirstCell = (source) => source }: RunAllOptions,
): Promise<NotebookResult> {
  const first = notebook.cells.find(({ cell_type }) => cell_type === "code");
  if (first) first.source = changeFirstCell(joined(first.source));
  let count = 0;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const outputs: CellOutput[] = cell.outputs = [];
    cell["execution_count"] = ++count;
    const started = systemClock.monotonicMs();
    try {
      await run(joined(cell.source), { seconds: cellSeconds, outputs });
    } catch (error) {
      if (!(error instanceof CellProblem)) throw error;
      return { notebook, problem: `cell ${index + 1}: ${error.message}` };
    }
    onCell?.(index + 1, (systemClock.monotonicMs() - started) / 1000);
  }
  await systemClock.sleep(LAST_OUTPUTS_MS);
  return { notebook };
}
