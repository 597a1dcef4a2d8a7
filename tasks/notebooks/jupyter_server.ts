import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import { runProgram } from "lib/base/system/run_program.ts";
import { jupyterProgram } from "tasks/setup/jupyter_piece.ts";

/** How JupyterLab is started. */
interface JupyterOptions {
  /** Folder that it shows and that paths of notebooks are seen from. */
  readonly root: string;
  /** Where it listens; if that is taken, at one of the next ports. */
  readonly port: number;
  /** File for its log, which is begun anew. */
  readonly logPath: string;
  /** Added to its environment and that of its kernels. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A Jupyter server on this machine's own address. */
export interface JupyterServer {
  /** Address of its root, with the port at which it does listen. */
  readonly address: URL;
  /** Who has it may run code. */
  readonly token: string;
  /** Settles with its exit code when it has ended. */
  readonly ended: Promise<number>;
  /** Ends it and its kernels. */
  close(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("./serve_lab.py", import.meta.url));
const ASK_MS = 100;
// Kernels get 5 s to end by themselves.
const END_MS = 15_000;

/**
 * Starts JupyterLab, without a browser, and waits until it answers. It ends when this process does, however that ends.
 *
 * @throws {Error} when it ends before; the message has its last words.
 */
export async function startJupyter(options: JupyterOptions): Promise<JupyterServer> {
  const { root, port, logPath, env = {}, signal } = options;
  signal?.throwIfAborted();
  await Deno.mkdir(dirname(logPath), { recursive: true });
  const log = await Deno.open(logPath, { create: true, append: true });
  await log.truncate();
  // A token of ours is not in the log.
  const token = crypto.randomUUID().replaceAll("-", "");
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const kill = new AbortController();
  const program = runProgram(jupyterProgram("python"), [
    SCRIPT,
    "--no-browser",
    `--ServerApp.root_dir=${root}`,
    "--ServerApp.ip=127.0.0.1",
    `--port=${port}`,
    // Not beside the notebooks.
    `--FileCheckpoints.checkpoint_dir=${join(root, ".cache", "checkpoints")}`,
    // Players and figures come in bursts, which the default limit would drop.
    "--ZMQChannelsWebsocketConnection.limit_rate=False",
    // In a container everything runs as root, which Jupyter refuses unless told.
    ...(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
  ], { cwd: root, env: { ...env, JUPYTER_TOKEN: token }, stdin: input.readable, signal: kill.signal });
  const { address, tail } = followLog(program.stdout, log);
  const ended = program.status.then(({ code }) => code);
  const close = async () => {
    await input.writable.close().catch(() => {});
    const done = new AbortController();
    const late = systemClock.sleep(END_MS, done.signal).then(() => kill.abort(), () => {});
    await Promise.race([ended, late]);
    done.abort();
    await ended;
  };
  try {
    const answers = await Promise.race([address.then((url) => waitForAnswer(url, token, signal)), ended]);
    if (!(answers instanceof URL)) {
      throw new Error(`JupyterLab ended before it could be used: ${tail()} (all of it: ${logPath})`);
    }
    return { address: answers, token, ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies what it says to its log, and looks out for the address in it. */
function followLog(
  output: ReadableStream<Uint8Array>,
  log: Deno.FsFile,
): { address: Promise<URL>; tail: () => string } {
  const found = Promise.withResolvers<URL>();
  let text = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of output) {
      await log.write(part);
      text = (text + decoder.decode(part, { stream: true })).slice(-4000);
      const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (match) found.resolve(new URL(match[0]));
    }
  };
  // It errors when the program was killed.
  read().catch(() => {}).finally(() => log.close());
  return { address: found.promise, tail: () => text.trim().split("\n").at(-1) ?? "" };
}

/** It prints its address a moment before it listens. */
async function waitForAnswer(address: URL, token: string, signal?: AbortSignal): Promise<URL> {
  while (true) {
    signal?.throwIfAborted();
    const headers = { authorization: `token ${token}` };
    const response = await fetch(new URL("/api/status", address), { headers }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return address;
    await systemClock.sleep(ASK_MS, signal);
  }
}
