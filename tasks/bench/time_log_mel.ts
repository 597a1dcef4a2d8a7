import process from "node:process";
import { createRandom } from "lib/base/numbers/random.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

/**
 * Prints, as JSON, the CPU seconds that log-mel of an hour of noise takes at 16 and 32 kHz, in 60 blocks of a
 * minute. The seed of the noise is the argument.
 */
function timeLogMel(seed: string): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const sampleRate of [16_000, 32_000]) {
    const random = createRandom(seed);
    const minute = Float32Array.from({ length: 60 * sampleRate }, () => 0.1 * random.normal());
    const config = { ...DEFAULT_FEATURES, sampleRate, fMin: 0, fMax: sampleRate / 2 };
    computeLogMel(minute, config);
    const before = process.cpuUsage();
    for (let i = 0; i < 60; i++) computeLogMel(minute, config);
    const { user, system } = process.cpuUsage(before);
    figures[`ours ${sampleRate / 1000} kHz`] = (user + system) / 1e6;
  }
  return figures;
}

await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(timeLogMel(Deno.args[0] ?? "0"))));
