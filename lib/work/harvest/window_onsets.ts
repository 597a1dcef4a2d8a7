import { subtractSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { computeMelSpectrogram, powerToDecibels } from "lib/learning/features/mel_spectrogram.ts";
import { findOnsets, type Onset, type OnsetOptions } from "lib/work/harvest/onsets.ts";
import { HARVEST_RATE, type WindowSound } from "lib/work/harvest/recording_sound.ts";

/** Mel bands as the models see them. */
const BANDS = { ...DEFAULT_FEATURES, sampleRate: HARVEST_RATE };
/** Power of sounds so faint that their ups and downs say nothing. */
const FAINTEST_POWER = 1e-6;
/** A shorter stretch between two silences has no background to stand out from, in seconds. */
const SHORTEST_STRETCH = 2;

/**
 * Onsets in a window of a recording. What surrounds the window serves as background. Silent parts are left out: what begins
 * where a muted part ends has no onset there.
 *
 * @returns In the order of time.
 */
export function onsetsInWindow(
  sound: WindowSound,
  window: TimeSpan,
  options: Partial<OnsetOptions> = {},
): Onset[] {
  const { start, samples, silent } = sound;
  const whole = { start, end: start + samples.length / HARVEST_RATE };
  return subtractSpans(whole, silent)
    .filter((stretch) => stretch.end - stretch.start >= SHORTEST_STRETCH)
    .flatMap((stretch) => {
      const first = Math.round((stretch.start - start) * HARVEST_RATE);
      const last = Math.round((stretch.end - start) * HARVEST_RATE);
      const { data, shape } = computeMelSpectrogram(samples.subarray(first, last), BANDS);
      for (let i = 0; i < data.length; i++) data[i] = powerToDecibels(data[i]!, FAINTEST_POWER);
      const period = BANDS.hopLength / HARVEST_RATE;
      // Frame t is centred on sample t * hopLength.
      return findOnsets({ data, shape }, { startTime: stretch.start - period / 2, period }, options);
    })
    .filter((onset) => onset.onset >= window.start && onset.onset < window.end);
}
