import { createOutputKeeper, type KernelMessage } from "tasks/notebooks/cell_outputs.ts";
import type { CellOutput } from "tasks/notebooks/executed_notebook.ts";
import type { JupyterServer } from "tasks/notebooks/jupyter_server.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";

/** Why a cell did not run to its end. */
export class CellProblem extends Error {
  override readonly name = "CellProblem";
}

/** A kernel that belongs to a notebook, as JupyterLab has one for each that is open. */
export interface KernelSession {
  /**
   * Runs a cell; its outputs go into `outputs`, also those that arrive after its end.
   * @throws {CellProblem} when it fails, takes longer than `seconds`, or its kernel dies.
   */
  run(
    source: string,
    options: { readonly seconds: number; readonly outputs: CellOutput[] },
  ): Promise<void>;
  /** A new process for the kernel: everything that cells have defined is gone. */
  restart(): Promise<void>;
  /** Stops listening. */
  close(): void;
}

/** How a session is opened. */
interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each output that arrives. */
  readonly onOutput?: (() => void) | undefined;
}

const START_MS = 120_000;

/**
 * Opens a notebook in a Jupyter server: the server starts a kernel in the notebook's folder, as for JupyterLab.
 *
 * @param path Of the notebook, seen from the server's root.
 */
export async function openSession(
  { address, token }: JupyterServer,
  path: string,
  { signal, onOutput }: SessionOptions = {},
): Promise<KernelSession> {
  const post = async (place: string, body: unknown) => {
    const response = await fetch(new URL(place, address), {
      method: "POST",
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
    if (!response.ok) {
      throw new Error(`Jupyter answers ${response.status} to ${place}: ${await response.text()}`);
    }
    return await response.json();
  };
  const { name } = NOTEBOOK_METADATA.kernelspec;
  const { kernel } = await post("/api/sessions", { path, name: path, type: "notebook", kernel: { name } });
  const keeper = createOutputKeeper();
  const requests = new Map<string, { outputs: CellOutput[]; hear: (message: KernelMessage) => void }>();
  let failed: (problem: Error) => void = () => {};
  let socket: WebSocket | undefined;

  const send = (type: string, content: unknown): string => {
    const id = crypto.randomUUID();
    const header = { msg_id: id, msg_type: type, session: id, username: "", version: "5.3", date: "" };
    socket!.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell" }));
    return id;
  };
  const hear = ({ data }: MessageEvent) => {
    const message: KernelMessage = JSON.parse(String(data));
    const { content, parent_header: { msg_id = "" } } = message;
    if (["dead", "autorestarting"].includes(String(content["execution_state"]))) {
      failed(new CellProblem("the kernel died"));
    }
    const request = requests.get(msg_id);
    if (!request) return;
    if (keeper.add(message, request.outputs)) onOutput?.();
    request.hear(message);
  };
  /** Waits for the answer to a request and for the kernel to be idle again. */
  const ask = async (type: string, content: unknown, milliseconds: number, outputs: CellOutput[] = []) => {
    const answered = Promise.withResolvers<KernelMessage>();
    failed = answered.reject;
    const onAbort = () => answered.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(
      () => answered.reject(new CellProblem(`it took longer than ${milliseconds / 1000} s`)),
      milliseconds,
    );
    let [reply, isIdle] = [undefined as KernelMessage | undefined, false];
    requests.set(send(type, content), {
      outputs,
      hear(message) {
        if (message.header.msg_type === type.replace("request", "reply")) reply = message;
        if (message.content["execution_state"] === "idle") isIdle = true;
        if (reply && isIdle) answered.resolve(reply);
      },
    });
    try {
      return (await answered.promise).content;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      failed = () => {};
    }
  };
  const connect = async () => {
    socket?.close();
    const url = new URL(`/api/kernels/${kernel.id}/channels?token=${token}`, address);
    url.protocol = "ws:";
    const opened = new WebSocket(url);
    socket = opened;
    opened.onmessage = hear;
    await new Promise<void>((resolve, reject) => {
      opened.onopen = () => resolve();
      opened.onerror = () => reject(new Error("Jupyter did not open a connection to the kernel"));
    });
    opened.onclose = () =>
      opened === socket && failed(new CellProblem("the kernel cannot be reached any more"));
    await ask("kernel_info_request", {}, START_MS);
  };
  await connect();
  return {
    async run(source, { seconds, outputs }) {
      signal?.throwIfAborted();
      const content = {
        code: source,
        silent: false,
        store_history: true,
        allow_stdin: false,
        stop_on_error: true,
      };
      const { status, ename, evalue } = await ask("execute_request", content, seconds * 1000, outputs);
      if (status !== "ok") throw new CellProblem(`it failed: ${ename}: ${evalue}`);
    },
    async restart() {
      await post(`/api/kernels/${kernel.id}/restart`, {});
      await connect();
    },
    close() {
      const closing = socket;
      socket = undefined;
      closing?.close();
    },
  };
}
