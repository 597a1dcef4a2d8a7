import type { Host } from "tasks/command/host.ts";

/** A host that keeps what a command writes. */
export function createTestHost(
  args: readonly string[],
  commands: readonly string[] = [],
): { readonly host: Host; readonly written: { out: string; err: string } } {
  const written = { out: "", err: "" };
  const host: Host = {
    args,
    env: () => undefined,
    readConfig: () => undefined,
    commands,
    userFolder: "",
    version: "Burp Finder 0.0.0",
    columns: () => 80,
    write: (text) => (written.out += text, true),
    writeError: (text) => void (written.err += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    onInterrupt: () => () => {},
  };
  return { host, written };
}
