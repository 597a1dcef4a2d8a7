/// <reference lib="deno.worker" />
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

self.onmessage = (event: MessageEvent<Float32Array>) => {
  self.postMessage(computeLogMel(event.data, DEFAULT_FEATURES).data);
};
