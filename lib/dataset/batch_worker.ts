/// <reference lib="deno.worker" />
import { makeBatch } from "lib/dataset/batch.ts";
import { type BatchWorkerAnswer, type BatchWorkerStart, openSharedPools } from "lib/dataset/batch_source.ts";

let make: ((index: number) => ReturnType<typeof makeBatch>) | undefined;

self.onmessage = ({ data }: MessageEvent<BatchWorkerStart | number>): void => {
  if (typeof data !== "number") {
    const pools = openSharedPools(data.pools);
    make = (index) => makeBatch(pools, data.config, { seed: data.seed, index });
    return;
  }
  try {
    const batch = make!(data);
    const answer: BatchWorkerAnswer = { index: data, batch };
    self.postMessage(answer, [batch.logMel.buffer, batch.targets.buffer, batch.weights.buffer]);
  } catch (error) {
    const answer: BatchWorkerAnswer = {
      index: data,
      error: error instanceof Error ? error.message : String(error),
    };
    self.postMessage(answer);
  }
};

const ready: BatchWorkerAnswer = "ready";
self.postMessage(ready);
