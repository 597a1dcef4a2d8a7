import assert from "node:assert/strict";
import { shareInterval } from "lib/base/metrics/intervals.ts";
import { calibrateScores, probabilityOf } from "lib/base/metrics/score_calibration.ts";
import { trialsNeeded } from "lib/base/metrics/trials_needed.ts";
import { createRandom } from "lib/base/numbers/random.ts";

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const logit = (p: number) => Math.log(p / (1 - p));

/** Reviews of events whose true probability is `logistic(intercept + slope * logit(score))`. */
function reviews(count: number, seed: number, slope = 1.4, intercept = -0.8) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const score = random.uniform(0.05, 0.98);
    return { score, right: random.next() < logistic(intercept + slope * logit(score)) };
  });
}

Deno.test("calibrateScores() finds the curve that reviews come from, and is monotone whatever they say", () => {
  const curve = calibrateScores(reviews(1500, 1));
  for (const score of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const truth = logistic(-0.8 + 1.4 * logit(score));
    assert.ok(Math.abs(probabilityOf(curve, score).probability - truth) < 0.06, `${score}`);
  }
  const contrary = calibrateScores(
    Array.from({ length: 40 }, (_, i) => ({ score: (i + 0.5) / 40, right: i < 20 })),
  );
  for (const curve of [contrary, calibrateScores(reviews(12, 2))]) {
    for (const key of ["probability", "lower", "upper"] as const) {
      assert.ok(curve.every((point, i) => i === 0 || point[key] >= curve[i - 1]![key] - 1e-12), key);
    }
    assert.ok(curve.every(({ lower, probability, upper }) => lower <= probability && probability <= upper));
  }
});

Deno.test("calibrateScores() stays near the score when hardly anything was reviewed, and says how little it knows", () => {
  const { probability, lower, upper } = probabilityOf(calibrateScores([{ score: 0.9, right: true }]), 0.8);
  assert.ok(Math.abs(probability - 0.8) < 0.12, `${probability}`);
  assert.ok(upper - lower > 0.5, `${lower} to ${upper}`);
  const allRight = calibrateScores(Array.from({ length: 30 }, () => ({ score: 1, right: true })));
  assert.ok(probabilityOf(allRight, 1).lower > 0.85, `${probabilityOf(allRight, 1).lower}`);
  const mixed = calibrateScores(Array.from({ length: 30 }, (_, i) => ({ score: 0.95, right: i % 2 === 0 })));
  assert.ok(Math.abs(probabilityOf(mixed, 0.95).probability - 0.5) < 0.1, "the score was far too high");
  assert.throws(() => calibrateScores([]), RangeError);
  assert.throws(() => calibrateScores([{ score: 1.2, right: true }]), /1\.2/);
});

Deno.test("probabilityOf() gives intervals that hold the truth about as often as they say, from 30 reviews", () => {
  let [inside, trials, width] = [0, 0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const curve = calibrateScores(reviews(30, seed));
    for (const score of [0.2, 0.5, 0.8]) {
      const truth = logistic(-0.8 + 1.4 * logit(score));
      const { lower, upper } = probabilityOf(curve, score);
      trials++;
      width += upper - lower;
      if (truth >= lower && truth <= upper) inside++;
    }
  }
  assert.ok(inside / trials > 0.92, `${inside} of ${trials}`);
  assert.ok(width / trials < 0.5, `mean width ${width / trials}`);
});

Deno.test("trialsNeeded() gives the number after which the exact interval is narrow enough, and not one less", () => {
  for (const [successes, trials] of [[18, 20], [5, 10], [0, 3], [20, 20]] as const) {
    const more = trialsNeeded(successes, trials);
    const share = (successes + 0.5) / (trials + 1);
    const width = (extra: number) => {
      const { lower, upper } = shareInterval(Math.round(successes + share * extra), trials + extra);
      return upper - lower;
    };
    assert.ok(width(more) <= 0.1, `${successes} of ${trials}: ${more} more give ${width(more)}`);
    // Rounding to whole successes makes the width jitter a little: well below it is surely too wide.
    assert.ok(
      width(Math.floor(0.9 * more) - 2) > 0.1,
      `${successes} of ${trials}: ${more} are more than needed`,
    );
  }
  assert.equal(trialsNeeded(970, 1000), 0);
  assert.throws(() => trialsNeeded(1, 2, { halfWidth: 0 }), RangeError);
});
