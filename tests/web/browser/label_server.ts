import { join } from "node:path";

/** A labeler in a process of its own, which can be killed as a crash would. */
export interface LabelServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, without a goodbye. */
  kill(): Promise<void>;
}

const SCRIPT = `
import { startLabeler } from "lib/web/pages/start_labeler.ts";
const running = await startLabeler({ ...JSON.parse(Deno.args[0]), onError: (text) => console.error(text) });
console.log(running.url);
`;

/**
 * Starts a labeler on the data in a folder: `labels.jsonl`, `clips`, `found` and `vods`.
 * @param settings More settings of `startLabeler()`, such as the port of one that was killed.
 */
export async function startLabelServer(
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<LabelServer> {
  const options = {
    ledger: join(folder, "labels.jsonl"),
    clipsFolder: join(folder, "clips"),
    foundFolder: join(folder, "found"),
    vodsFolder: join(folder, "vods"),
    cacheFolder: join(folder, "cache"),
    ...settings,
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--node-modules-dir=manual", SCRIPT, JSON.stringify(options)],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("the labeler ended before it said where it is");
    said += value;
  }
  const url = said.trim();
  return {
    url,
    port: Number(new URL(url).port),
    kill: async () => {
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
    },
  };
}
