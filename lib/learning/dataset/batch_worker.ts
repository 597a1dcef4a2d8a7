/// <reference lib="deno.worker" />
import { errorMessage } from "lib/base/system/error_message.ts";
import { makeBatch } from "lib/learning/dataset/batch.ts";
import {
  type BatchWorkerAnswer,
  type BatchWorkerRequest,
  type BatchWorkerStart,
  type HardnessChange,
  openSharedPools,
  withHardness,
} from "lib/learning/dataset/batch_source.ts";

const changes: HardnessChange[] = [];
let make: ((index: number) => ReturnType<typeof makeBatch>) | undefined;

self.onmessage = ({ data }: MessageEvent<BatchWorkerStart | BatchWorkerRequest>): void => {
  if (typeof data === "object") {
    if ("pools" in data) {
      const pools = openSharedPools(data.pools);
      make = (index) =>
        makeBatch(withHardness(pools, changes, index), data.config, { seed: data.seed, index });
    } else changes.push(data);
    return;
  }
  try {
    const batch = make!(data);
    const answer: BatchWorkerAnswer = { index: data, batch };
    self.postMessage(answer, [batch.logMel.buffer, batch.targets.buffer, batch.weights.buffer]);
  } catch (error) {
    const message = errorMessage(error);
    const answer: BatchWorkerAnswer = { index: data, error: message };
    self.postMessage(answer);
  }
};

// Messages that are sent before the imports above are there would be lost.
const ready: BatchWorkerAnswer = "ready";
self.postMessage(ready);
