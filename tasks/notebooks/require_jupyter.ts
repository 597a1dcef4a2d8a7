import type { Logger } from "lib/system/logger.ts";
import { jupyterPiece } from "tasks/setup/jupyter_piece.ts";
import { runSetup } from "tasks/setup/run_setup.ts";

/**
 * Installs Jupyter with the project's kernel, unless it is there.
 * @throws {Error} when it cannot be had; the message says what to do.
 */
export async function requireJupyter(
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  const [row] = await runSetup([jupyterPiece], { signal, log, retry: false });
  if (row?.state === "missing") throw new Error(`Jupyter cannot be installed: ${row.detail}`);
}
