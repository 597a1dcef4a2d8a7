import { stripVTControlCharacters } from "node:util";
import { errorMessage } from "lib/base/system/error_message.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";

/** How to try an engine in another process. */
export interface TryOptions {
  readonly anyDevice: boolean;
  readonly timeoutMs: number;
}

const SCRIPT = new URL("./try_engine.ts", import.meta.url).href;
const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys"];

/**
 * Loads and probes an engine in a process of its own, so that a driver which hangs or crashes takes nothing with it.
 * Does nothing where other processes may not be started.
 *
 * @throws {Error} If the engine does not work; the message says why.
 */
export async function tryApart(name: string, { anyDevice, timeoutMs }: TryOptions): Promise<void> {
  const deno = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command: deno });
  if (state !== "granted") return;
  const args = ["run", "--quiet", "--no-check", ...PERMISSIONS, SCRIPT, name, ...(anyDevice ? ["any"] : [])];
  try {
    await runToEnd(deno, args, { timeoutMs });
  } catch (cause) {
    throw new Error(reasonOf(cause, timeoutMs), { cause });
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `its driver did not answer within ${timeoutMs / 1000} s`;
  }
  if (!(error instanceof ProgramError)) return errorMessage(error);
  const said = stripVTControlCharacters(error.stderrTail);
  const thrown = /^error: Uncaught (?:\(in promise\) )?(?:\w*Error: )?(.*)$/m.exec(said)?.[1];
  return thrown ?? `its driver ended the process (exit code ${error.code})`;
}
