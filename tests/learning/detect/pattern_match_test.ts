import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createBackgroundRemover, fitBandWhitening } from "lib/learning/detect/band_whitening.ts";
import { createPatternMatcher, highestPeaks } from "lib/learning/detect/pattern_match.ts";

const random = createRandom("pattern match");
const noise = (length: number) => Float32Array.from({ length }, () => random.normal());

Deno.test("createPatternMatcher() is highest where the pattern is, whatever the parts and the level", () => {
  const bands = 4;
  const pattern = noise(10 * bands);
  const frames = noise(200 * bands);
  pattern.forEach((value, i) => frames[70 * bands + i] = 3 * value);
  const whole = createPatternMatcher(pattern, bands).push(frames);
  assert.equal(whole.length, 200 - 10 + 1);
  const best = whole.indexOf(Math.max(...whole));
  assert.equal(best, 70);
  assert(whole[best]! > 0.99 && whole[best]! <= 1);

  const matcher = createPatternMatcher(pattern, bands);
  const parts: number[] = [];
  for (let t = 0; t < 200; t += 7) parts.push(...matcher.push(frames.slice(t * bands, (t + 7) * bands)));
  assert.deepEqual(Float32Array.from(parts), whole);
});

Deno.test("createPatternMatcher() finds silence like nothing", () => {
  const matcher = createPatternMatcher(noise(40), 4);
  assert(matcher.push(new Float32Array(400)).every((score) => score === 0));
});

Deno.test("highestPeaks() gives the highest, none close to a higher one", () => {
  const scores = Float32Array.of(0, 0.5, 0.4, 0.9, 0, 0, 0.7, 0.7, 0, -1, 0.2);
  const frames = (distance: number, count: number) =>
    highestPeaks(scores, distance, count).map((peak) => peak.frame);
  assert.deepEqual(frames(1, 10), [3, 6, 7, 1, 10]);
  assert.deepEqual(frames(3, 10), [3, 6, 10]);
  assert.deepEqual(frames(3, 2), [3, 6]);
  assert.deepEqual(highestPeaks(new Float32Array(0), 1, 5), []);
});

Deno.test("fitBandWhitening() makes correlated bands independent and equally strong", () => {
  const frames = 20_000;
  const values = new Float32Array(frames * 2);
  for (let t = 0; t < frames; t++) {
    const shared = random.normal();
    values[2 * t] = 3 * shared;
    values[2 * t + 1] = shared + random.normal();
  }
  const whitening = fitBandWhitening(values, values, { bands: 2, shrinkage: 0 });
  const white = values.slice();
  whitening.apply(white);
  let [aa, ab, bb] = [0, 0, 0];
  for (let t = 0; t < frames; t++) {
    aa += white[2 * t]! ** 2 / frames;
    bb += white[2 * t + 1]! ** 2 / frames;
    ab += white[2 * t]! * white[2 * t + 1]! / frames;
  }
  assert(Math.abs(aa - 1) < 0.01 && Math.abs(bb - 1) < 0.01 && Math.abs(ab) < 0.01);
});

Deno.test("fitBandWhitening() keeps silence finite", () => {
  const silence = new Float32Array(100).fill(-6);
  const whitening = fitBandWhitening(silence, new Float32Array(100), { bands: 4, shrinkage: 1 });
  assert(Math.abs(whitening.mean[0]! + 6) < 1e-6);
  const frame = Float32Array.of(1, 0, 0, 0);
  whitening.apply(frame);
  assert(frame.every(Number.isFinite));
});

Deno.test("createBackgroundRemover() follows a change of level within its time", () => {
  const remover = createBackgroundRemover([0], 100);
  const out = remover.push(new Float32Array(300).fill(1));
  assert.equal(out[0], 1);
  // The running mean closes in on the new level by a factor of 0.99 each frame.
  assert(Math.abs(out[100]! - 0.99 ** 100) < 1e-5);
  assert(Math.abs(remover.push(Float32Array.of(1))[0]! - 0.99 ** 300) < 1e-5);
});
