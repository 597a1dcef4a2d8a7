import { loadNetwork, type Network } from "lib/learning/detect/network.ts";
import { startWorkerNetwork } from "lib/learning/detect/worker_network.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** Where networks run. */
export interface NetworksOptions {
  /** Threads that share one run of a network; by default 1, and with `worker` one for each core, at most 4. */
  readonly threads?: number | undefined;
  /** Whether each network runs on a thread of its own, beside reading and features; not by default. */
  readonly worker?: boolean;
}

/**
 * Loads the networks of all models, or none.
 *
 * @throws {ModelPackageError} If ONNX Runtime cannot load one.
 */
export async function loadNetworks(
  models: readonly ModelPackage[],
  { worker = false, threads = worker ? Math.min(4, navigator.hardwareConcurrency) : 1 }: NetworksOptions,
): Promise<Network[]> {
  const networks: Network[] = [];
  try {
    for (const model of models) {
      networks.push(await (worker ? startWorkerNetwork : loadNetwork)(model, { threads }));
    }
  } catch (error) {
    await closeNetworks(networks);
    throw error;
  }
  return networks;
}

/** Waits for what is under way, and ends the threads. */
export async function closeNetworks(networks: readonly Network[]): Promise<void> {
  await Promise.all(networks.map((network) => network.close()));
}
