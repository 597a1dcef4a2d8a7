import { relative } from "node:path";
import denoConfig from "../../deno.json" with { type: "json" };
import { decodeText } from "lib/base/events/decode_text.ts";
import { CONFIG_PATH } from "tasks/command/config.ts";

/** What a command sees of the process that it runs in; tests put something else in its place. */
export interface Host {
  readonly args: readonly string[];
  readonly env: (name: string) => string | undefined;
  /** The text of the configuration file, if there is one. */
  readonly readConfig: () => string | undefined;
  /** Names of all commands. */
  readonly commands: readonly string[];
  /** Version of this project and of what runs it. */
  readonly version: string;
  /** Path from the working folder to the folder that the user is in; empty where they are the same. */
  readonly userFolder: string;
  /** Writes to standard output; gives `false` when nobody reads it any more. */
  readonly write: (text: string) => boolean;
  readonly writeError: (text: string) => void;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal at this moment. */
  readonly columns: () => number;
  /** Calls back on the first interruption; gives a function that stops listening. */
  readonly onInterrupt: (listener: (signal?: Deno.Signal) => void) => () => void;
}

// `deno task` passes on an interruption that the terminal has sent to this process already.
const SAME_INTERRUPT_MS = 300;

const DEFAULT_COLUMNS = 80;

/** The host that is this process. */
export function systemHost(): Host {
  const initialFolder = Deno.env.get("INIT_CWD");
  return {
    args: Deno.args,
    env: (name) => Deno.env.get(name),
    readConfig: readConfigFile,
    commands: Object.keys(denoConfig.tasks),
    version: `Burp Finder ${denoConfig.version}, Deno ${Deno.version.deno}`,
    // `deno task` runs commands in the project's folder, wherever below it the user is.
    userFolder: initialFolder ? relative(Deno.cwd(), initialFolder) : "",
    write: (text) => writeAll(Deno.stdout, text),
    writeError: (text) => void writeAll(Deno.stderr, text),
    stdoutIsTerminal: Deno.stdout.isTerminal(),
    stderrIsTerminal: Deno.stderr.isTerminal(),
    columns: terminalColumns,
    onInterrupt,
  };
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}

function readConfigFile(): string | undefined {
  try {
    return decodeText(Deno.readFileSync(CONFIG_PATH));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function writeAll(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let written = 0; written < bytes.length;) written += writeSome(stream, bytes.subarray(written));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

function writeSome(stream: typeof Deno.stdout | typeof Deno.stderr, bytes: Uint8Array): number {
  try {
    return stream.writeSync(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    // Another program that shares this pipe has made it non-blocking, and its reader is slow.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

function onInterrupt(listener: (signal: Deno.Signal) => void): () => void {
  let firstMs: number | undefined;
  const onSignal = (signal: Deno.Signal) => {
    const now = performance.now();
    if (firstMs === undefined) {
      firstMs = now;
      listener(signal);
    } else if (now - firstMs > SAME_INTERRUPT_MS) {
      // A progress bar may have hidden the cursor.
      if (Deno.stderr.isTerminal()) writeAll(Deno.stderr, "\x1b[?25h");
      Deno.exit(signal === "SIGTERM" ? 143 : 130);
    }
  };
  // Windows knows no SIGTERM that could be listened to.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const listeners = signals.map((signal) => [signal, () => onSignal(signal)] as const);
  for (const [signal, on] of listeners) Deno.addSignalListener(signal, on);
  return () => {
    for (const [signal, on] of listeners) Deno.removeSignalListener(signal, on);
  };
}
