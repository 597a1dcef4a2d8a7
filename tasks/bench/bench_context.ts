import { type Logger } from "lib/base/system/logger.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { type Peers } from "tasks/bench/peers.ts";

/** What every section of `bench` gets. */
export interface BenchContext {
  readonly peers: Peers;
  readonly rounds: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Runs a script of this project in a process of its own, as the peers are, and gives what it prints. */
export async function runDeno(
  args: readonly string[],
  { signal, env }: {
    readonly signal: AbortSignal;
    readonly env?: Readonly<Record<string, string>> | undefined;
  },
): Promise<string> {
  const { stdout } = await runToEnd(Deno.execPath(), ["run", ...args], { signal, env });
  return new TextDecoder().decode(stdout);
}
