import type { Clock } from "lib/base/system/clock.ts";
import { systemClock } from "lib/base/system/clock.ts";

/** A clock on which waiting takes `factor` times less real time; `waits` lists what was asked for. */
export function createFastClock(factor = 50): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  const startMs = systemClock.monotonicMs();
  return {
    waits,
    now: () => Date.UTC(2026, 0, 1) + (systemClock.monotonicMs() - startMs) * factor,
    monotonicMs: () => (systemClock.monotonicMs() - startMs) * factor,
    sleep(ms, signal) {
      waits.push(ms);
      return systemClock.sleep(ms / factor, signal);
    },
  };
}
