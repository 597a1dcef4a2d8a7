import type { Clock } from "lib/base/system/clock.ts";
import { runToEnd } from "lib/base/system/run_program.ts";

const LOOK_MS = 3_000;

/**
 * Ends this process as SIGTERM would when the `npx` that started it is gone: npm passes a signal on to a shell that dies of
 * it without a word to `deno task`, which goes on below nobody. Whoever starts the bot in another way is not watched, since
 * a shell may be left while its programs are to go on.
 *
 * @param env Reads one environment variable.
 */
export async function watchStarter(
  { clock, env, signal }: {
    readonly clock: Clock;
    readonly env: (name: string) => string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (Deno.build.os === "windows" || env("npm_command") !== "exec") return;
  const starter = await parentOf(Deno.ppid);
  while (starter !== undefined && !signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => {});
    if (signal.aborted) return;
    const now = await parentOf(Deno.ppid);
    if (now !== undefined && now !== starter) return Deno.kill(Deno.pid, "SIGTERM");
  }
}

/** Number of the process that a process belongs to; nothing where the system does not say. */
async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const { stdout } = await runToEnd("ps", ["-o", "ppid=", "-p", String(pid)], { timeoutMs: 5_000 });
    const parent = Number(new TextDecoder().decode(stdout).trim());
    return parent > 0 ? parent : undefined;
  } catch {
    return undefined;
  }
}
