import type { Network, NetworkOptions, NetworkScores } from "lib/learning/detect/network.ts";
import type {
  LoadMessage,
  NetworkAnswer,
  RunError,
  RunMessage,
} from "lib/learning/detect/network_messages.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

interface Waiting {
  readonly resolve: (scores: NetworkScores | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Loads the network of a model on a thread of its own, so that reading and features go on meanwhile (ONNX Runtime
 * blocks the thread that it is called on). The scores are those of `loadNetwork`.
 *
 * @throws {ModelPackageError} If ONNX Runtime cannot load it.
 */
export async function startWorkerNetwork(
  model: ModelPackage,
  options: NetworkOptions = {},
): Promise<Network> {
  const worker = new Worker(new URL("./network_worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  const whenIdle: (() => void)[] = [];
  let lastId = 0;
  let ended: Error | undefined;

  const end = (reason: Error): void => {
    ended ??= reason;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    whenIdle.splice(0).forEach((resolve) => resolve());
  };
  worker.onmessage = ({ data }: MessageEvent<NetworkAnswer>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) call?.reject(toError(data.error, model.dir));
    else call?.resolve(data.scores);
    if (waiting.size === 0) whenIdle.splice(0).forEach((resolve) => resolve());
  };
  worker.onerror = (event) => {
    // Otherwise the error would end the whole process.
    event.preventDefault();
    end(new Error(`The thread that scores sound ended: ${event.message}`));
  };
  const ask = (id: number, message: LoadMessage | RunMessage, transfer: Transferable[]) =>
    new Promise<NetworkScores | undefined>((resolve, reject) => {
      if (ended) return reject(ended);
      waiting.set(id, { resolve, reject });
      worker.postMessage(message, transfer);
    });

  try {
    await ask(0, { model, threads: options.threads ?? 1 }, []);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async run(logMel, batch, columns) {
      const id = ++lastId;
      const scores = await ask(id, { id, logMel, batch, columns }, [logMel.buffer]);
      return scores!;
    },
    async close() {
      // Ending a thread inside ONNX Runtime would pull the memory from under it.
      while (waiting.size > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
      end(new Error("The network was closed"));
    },
  };
}

/** Errors lose their class on the way from the worker. */
function toError({ isModelError, problem }: RunError, dir: string): Error {
  return isModelError ? new ModelPackageError(dir, problem) : new Error(problem);
}
