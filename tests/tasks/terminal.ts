import { runToEnd } from "lib/base/system/run_program.ts";

/** What a command wrote to a terminal, without what moves the cursor, and what became of it. */
export interface TerminalSession {
  readonly code: number;
  /** All that was ever written, a line each; lines that were overwritten are lines of their own. */
  readonly lines: readonly string[];
}

/** Runs a command line in a terminal of its own, as `script` of util-linux makes one. */
export async function runInTerminal(
  words: readonly string[],
  { columns, env = {} }: {
    readonly columns: number;
    readonly env?: Readonly<Record<string, string>> | undefined;
  },
): Promise<TerminalSession> {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const line = `stty cols ${columns} rows 24; ${quoted}; echo "ended with $?"`;
  const { stdout } = await runToEnd("script", ["--quiet", "--command", line, "/dev/null"], { env });
  const text = new TextDecoder().decode(stdout)
    // deno-lint-ignore no-control-regex
    .replaceAll(/\x1b\[\d*[GJ]/g, "\n").replaceAll(/\x1b\[[?\d;]*[a-zA-Z]|\x1b[78]/g, "");
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const ended = lines.findIndex((line) => line.startsWith("ended with "));
  return { code: Number(lines[ended]?.slice("ended with ".length)), lines: lines.slice(0, ended) };
}
