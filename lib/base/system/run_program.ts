/** How to run a program. */
interface RunOptions {
  /** Sent to the program's standard input; nothing by default. A stream that errors kills the program. */
  readonly stdin?: ReadableStream<Uint8Array> | Uint8Array;
  /** Kills the program; reading its output then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Kills the program after so many milliseconds; reading its output then throws a `TimeoutError`. */
  readonly timeoutMs?: number;
  readonly cwd?: string | undefined;
  /** Added to the environment that the program inherits. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How much of what the program writes to standard error is kept, from its end; 4,000 characters by default. */
  readonly stderrCharacters?: number;
}

/** How a program ended. */
interface ProgramStatus {
  readonly success: boolean;
  readonly code: number;
}

/** A program that runs. Read `stdout` to its end or cancel it: a program whose output is not read stands still. */
export interface RunningProgram {
  /** Errors when the program was killed, so that a killed program never looks like one that ended. */
  readonly stdout: ReadableStream<Uint8Array>;
  readonly status: Promise<ProgramStatus>;
  /** The last characters that the program wrote to standard error. */
  stderrTail(): string;
  /** Waits until standard error holds something, or has ended, and gives what {@linkcode stderrTail} gives then. */
  stderrWith(pattern: RegExp): Promise<string>;
}

/** Thrown by {@link runToEnd} for a program that says it failed. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  constructor(message: string, readonly code: number, readonly stderrTail: string) {
    super(message);
  }
}

const STDERR_CHARACTERS = 4000;

/**
 * Starts a program, without a shell.
 *
 * The program is killed when `signal` aborts, when `timeoutMs` is over, and when `stdout` is cancelled (as leaving
 * a `for await` loop over it early does). Its output ends then, whoever else holds it open. A program that has exited may
 * have left its output to another: read the output to its end, or cancel it.
 *
 * @throws {Deno.errors.NotFound} when there is no such program.
 */
export function runProgram(path: string, args: readonly string[], options: RunOptions = {}): RunningProgram {
  const { stdin, signal, timeoutMs, cwd, env, stderrCharacters = STDERR_CHARACTERS } = options;
  signal?.throwIfAborted();
  const child = new Deno.Command(path, {
    args: [...args],
    stdin: stdin ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  }).spawn();
  const reader = child.stdout.getReader();
  const stderrReader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const killed = new AbortController();
  const kill = (reason: unknown) => {
    killed.abort(reason);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself already.
    }
    // Programs that it started may hold its output open for long after it.
    void reader.cancel().catch(() => {});
    void stderrReader.cancel().catch(() => {});
  };
  const onAbort = () => kill(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    kill(new DOMException(`${path} took longer than ${timeoutMs / 1000} s`, "TimeoutError"));
  }, timeoutMs);
  if (stdin) void feed(child.stdin, stdin, kill);

  let tail = "";
  let stderrEnded = false;
  const waiting = new Set<() => void>();
  const stderrRead = (async () => {
    while (!stderrEnded) {
      const { value, done } = await stderrReader.read();
      stderrEnded = done;
      tail = (tail + (value ?? "")).slice(-stderrCharacters);
      waiting.forEach((look) => look());
    }
  })();
  const status = (async (): Promise<ProgramStatus> => {
    const { success, code } = await child.status;
    await stderrRead;
    return { success, code };
  })();
  // Not when the program has ended: its output may still be held open by one that it started.
  const unwatch = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };

  const stdout = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (!done && !killed.signal.aborted) return controller.enqueue(value);
      await status;
      unwatch();
      if (killed.signal.aborted) controller.error(killed.signal.reason);
      else controller.close();
    },
    async cancel() {
      unwatch();
      kill(undefined);
      await status;
    },
  }, { highWaterMark: 0 });
  const stderrWith = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (!stderrEnded && !pattern.test(tail)) return;
        waiting.delete(look);
        resolve(tail);
      };
      waiting.add(look);
      look();
    });
  return { stdout, status, stderrTail: () => tail, stderrWith };
}

/**
 * Runs a program to its end and gives all that it printed.
 *
 * @throws {ProgramError} when its exit code is not 0; `stderrTail` has what it said.
 * @throws {Deno.errors.NotFound} when there is no such program.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runToEnd } from "lib/base/system/run_program.ts";
 *
 * const { stdout } = await runToEnd(Deno.execPath(), ["--version"]);
 * assert.match(new TextDecoder().decode(stdout), /^deno /);
 * ```
 */
export async function runToEnd(
  path: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ stdout: Uint8Array; stderrTail: string }> {
  const program = runProgram(path, args, options);
  const stdout = new Uint8Array(await new Response(program.stdout).arrayBuffer());
  const { success, code } = await program.status;
  const stderrTail = program.stderrTail();
  if (!success) {
    const lastLine = stderrTail.trim().split("\n").at(-1) ?? "";
    throw new ProgramError(
      `${path} failed (exit code ${code})${lastLine ? `: ${lastLine}` : ""}`,
      code,
      stderrTail,
    );
  }
  return { stdout, stderrTail };
}

/**
 * Runs a program that talks to the user itself: it shares this process's standard output and error.
 *
 * @throws the reason of `signal` when it aborts; the program is killed.
 */
export async function runInherited(
  path: string,
  args: readonly string[],
  options: Pick<RunOptions, "signal" | "cwd" | "env"> = {},
): Promise<ProgramStatus> {
  const { signal, cwd, env } = options;
  signal?.throwIfAborted();
  const child = new Deno.Command(path, {
    args: [...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { signal }),
  }).spawn();
  const { success, code } = await child.status;
  signal?.throwIfAborted();
  return { success, code };
}

/** Copies `source` to a program's standard input; a source that fails is told through `onSourceError`. */
async function feed(
  target: WritableStream<Uint8Array>,
  source: ReadableStream<Uint8Array> | Uint8Array,
  onSourceError: (error: unknown) => void,
): Promise<void> {
  const writer = target.getWriter();
  const chunks = source instanceof Uint8Array ? [source] : source;
  try {
    for await (const chunk of chunks) {
      try {
        await writer.write(chunk);
      } catch {
        // A program may end without reading all of its input; how it ended is told by its status.
        return;
      }
    }
  } catch (error) {
    onSourceError(error);
    return;
  }
  await writer.close().catch(() => {});
}
