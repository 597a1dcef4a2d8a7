import assert from "node:assert/strict";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { curveBand } from "lib/learning/evaluate/curve_band.ts";
import { countAtThresholds, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";
import { formatTuning } from "lib/learning/evaluate/tuning_report.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";

const sound = (onset: number): SoundEvent => ({ onset, offset: onset + 3, label: "burp" });

/** What is printed of a threshold at which these events are found, where three are annotated. */
function report(found: readonly SoundEvent[]): string {
  const annotations = [sound(30), sound(150), sound(270)];
  const counts = countAtThresholds([{ annotations, duration: 600, eventsAt: () => found }], [0.5]);
  const curve = operatingCurve(counts);
  const chosen = { ...curve[0]!, value: curve[0]!.f1 };
  const point = {
    event: "burp",
    threshold: 0.5,
    chosenBy: "about the best F1",
    chosenOn: "a.wav",
    curve: [],
    at: "2026-01-02T03:04:05.000Z",
  };
  const tuned = { chosen, counts, curve, before: curve[0]!, postprocessing: DEFAULT_POSTPROCESSING };
  const [band] = curveBand(counts, { random: createRandom("band") });
  return formatTuning(point, tuned, band!).join("\n");
}

Deno.test("formatTuning() does not call a precision certain because no mistake was seen", () => {
  const text = report([sound(30), sound(150), sound(270)]);
  // With 3 of 3 right, (1 - 0.95) / 2 = p^3.
  assert.match(text, /precision 0\.292 to 1\.000 \(none of 3 is wrong\)/);
  assert.doesNotMatch(text, /misplaced/);
});

Deno.test("formatTuning() says what is wrong without being a false alarm", () => {
  const text = report([sound(30), sound(152), sound(270), sound(400)]);
  assert.match(text, /precision 0\.5000 .* false alarms an hour 6\.0/);
  assert.match(text, /1 of 4 found touch an annotation, but begin over 1 s from its onset/);
});
