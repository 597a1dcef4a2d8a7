import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JupyterServer } from "tasks/notebooks/jupyter_server.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** JupyterLab as `deno task notebook` runs it. */
export interface Lab {
  /** What it prints for people to open. */
  readonly url: URL;
  /** The same, for `openSession()`. */
  readonly server: JupyterServer;
  /** All that it has said on standard error. */
  said(): string;
  /** Sends a signal to the command, or as a terminal does to all of its group; gives its exit code. */
  end(signal: Deno.Signal, options?: { readonly group?: boolean }): Promise<number>;
}

/** Runs `deno task notebook` for the time of `use`, with settings of its own. */
export async function withLab(
  { root = ROOT, env = {} }: {
    readonly root?: string;
    readonly env?: Readonly<Record<string, string>> | undefined;
  },
  use: (lab: Lab) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "notebook", "--no-browser", `--port=${port}`],
    cwd: root,
    env: {
      ...await labEnvironment(folder),
      NO_COLOR: "1",
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const [out, err] = [follow(child.stdout), follow(child.stderr)];
  const ended = child.status.then(({ code }) => code);
  const end: Lab["end"] = async (signal, { group = false } = {}) => {
    if (group) await new Deno.Command("kill", { args: ["-s", signal, "--", `-${child.pid}`] }).output();
    else child.kill(signal);
    const code = await ended;
    await Promise.all([out.read, err.read]);
    return code;
  };
  try {
    const isThere = () => /^http:\S+(?=\n)/m.exec(out.text())?.[0];
    let running = true;
    void ended.then(() => running = false);
    while (running && isThere() === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!running) throw new Error(`deno task notebook has ended: ${err.text()}`);
    const url = new URL(isThere()!);
    const token = url.searchParams.get("token")!;
    const server = { address: new URL("/", url), token, ended, close: () => Promise.resolve() };
    await use({ url, server, said: err.text, end });
  } finally {
    // It may have ended by itself.
    await end("SIGTERM").catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** Variables with which JupyterLab keeps its settings in a folder, and sees nothing of its user's. */
export async function labEnvironment(folder: string): Promise<Record<string, string>> {
  // What is shown in tests must not be saved into notebooks.
  const settings = join(folder, "settings", "@jupyterlab", "docmanager-extension");
  await Deno.mkdir(settings, { recursive: true });
  await Deno.writeTextFile(join(settings, "plugin.jupyterlab-settings"), '{"autosave": false}');
  return {
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
  };
}

/** A port that nobody listens at. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

function follow(stream: ReadableStream<Uint8Array>): { text: () => string; read: Promise<void> } {
  let text = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of stream) text += decoder.decode(part, { stream: true });
  };
  return { text: () => text, read: read() };
}
