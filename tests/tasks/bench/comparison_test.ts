import assert from "node:assert/strict";
import { describeSection } from "tasks/bench/comparison.ts";

Deno.test("describeSection() prints figures, ratios and bounds, and what is missing", () => {
  const lines = describeSection({
    section: "features",
    unit: "seconds",
    rounds: 3,
    medians: { ours: 1.5, librosa: 3, torch: 1 },
    comparisons: [
      { ours: "ours", peer: "librosa", limit: 1 },
      { ours: "ours", peer: "torch", limit: 1 },
      { ours: "ours", peer: "absent", limit: 1 },
    ],
    bounds: { ours: 1, torch: 1 },
    missing: ["absent: not installed"],
  });
  assert.deepEqual(lines, [
    "features: seconds, median of 3",
    "  ours     1.5, ABOVE 1",
    "  librosa  3",
    "  torch    1, within 1",
    "  ours / librosa = 0.5, within 1",
    "  ours / torch = 1.5, ABOVE 1",
    "  not measured: absent: not installed",
  ]);
});
