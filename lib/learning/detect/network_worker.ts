/// <reference lib="deno.worker" />
import { errorMessage } from "lib/base/system/error_message.ts";
import { loadNetwork, type Network } from "lib/learning/detect/network.ts";
import type { LoadMessage, NetworkAnswer, RunMessage } from "lib/learning/detect/network_messages.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

// The other side of worker_network.ts: one network, run on a thread of its own.

let network: Promise<Network> | undefined;

self.onmessage = async ({ data }: MessageEvent<LoadMessage | RunMessage>) => {
  const id = "id" in data ? data.id : 0;
  try {
    if ("model" in data) {
      network = loadNetwork(data.model, { threads: data.threads });
      await network;
      return answer({ id });
    }
    const { frameScores, clipScores } = await (await network!).run(
      data.logMel,
      data.batch,
      data.columns,
    );
    answer({ id, scores: { frameScores, clipScores } }, [frameScores.buffer, clipScores.buffer]);
  } catch (error) {
    const isModelError = error instanceof ModelPackageError;
    const problem = isModelError ? error.problem : errorMessage(error);
    answer({ id, error: { problem, isModelError } });
  }
};

function answer(message: NetworkAnswer, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
