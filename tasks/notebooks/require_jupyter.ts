import { jupyterPiece } from "tasks/setup/jupyter_piece.ts";
import type { SetupContext } from "tasks/setup/piece.ts";
import { runSetup } from "tasks/setup/run_setup.ts";

/**
 * Installs Jupyter with the project's kernel, unless it is there.
 * @throws {Error} when it cannot be had; the message says what to do.
 */
export async function requireJupyter(
  { signal, log, progress }: Pick<SetupContext, "signal" | "log" | "progress">,
): Promise<void> {
  const [row] = await runSetup([jupyterPiece], { signal, log, progress, retry: false });
  if (row?.state === "missing") throw new Error(`Jupyter cannot be installed: ${row.detail}`);
}
