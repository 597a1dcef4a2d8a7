import assert from "node:assert/strict";
import { createRandom, restoreRandom } from "lib/base/numbers/random.ts";

const draw = (random: { next(): number }, n: number) => Array.from({ length: n }, () => random.next());

Deno.test("createRandom() repeats a seed, as a number and as text, and tells seeds apart", () => {
  assert.deepEqual(draw(createRandom(7), 100), draw(createRandom("7"), 100));
  assert.notDeepEqual(draw(createRandom(7), 4), draw(createRandom(8), 4));
});

Deno.test("createRandom() follows the published recurrence of xoshiro128**", () => {
  // First outputs for the state 1, 2, 3, 4 by the authors' recurrence, worked by hand:
  // rotl(2 * 5, 7) * 9 = 11520, then s1 = 0 gives 0.
  const state = "00000001000000020000000300000004";
  const random = restoreRandom(`${state}.${state}`);
  assert.deepEqual(draw(random, 2).map((x) => x * 2 ** 32), [11520, 0]);
});

Deno.test("next() is uniform in [0, 1)", () => {
  const values = draw(createRandom("uniform"), 100_000);
  assert.ok(values.every((x) => x >= 0 && x < 1));
  const bins = new Uint32Array(20);
  for (const x of values) bins[Math.floor(x * 20)]! += 1;
  const chiSquared = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  assert.ok(
    chiSquared < 43.8,
    `chi squared is ${chiSquared}, above the 99.9 % point for 19 degrees of freedom`,
  );
});

Deno.test("normal() has mean 0, variance 1 and 4.55 % beyond two standard deviations", () => {
  const random = createRandom("normal");
  const values = Array.from({ length: 100_000 }, () => random.normal());
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  const beyond = values.filter((x) => Math.abs(x) > 2).length / values.length;
  assert.ok(Math.abs(mean) < 0.01 && Math.abs(variance - 1) < 0.02 && Math.abs(beyond - 0.0455) < 0.003);
});

Deno.test("restoreRandom() goes on where state() was taken, forks included", () => {
  const random = createRandom(3);
  draw(random, 11);
  random.normal();
  const restored = restoreRandom(random.state());
  assert.equal(restored.fork("noise").next(), random.fork("noise").next());
  assert.deepEqual(draw(restored, 50), draw(random, 50));
  assert.throws(() => restoreRandom("abc"), SyntaxError);
});

Deno.test("fork() depends on seed and name, not on how many numbers were drawn", () => {
  const early = createRandom(5);
  const late = createRandom(5);
  draw(late, 1000);
  assert.deepEqual(draw(early.fork("mix"), 10), draw(late.fork("mix"), 10));
  assert.notDeepEqual(draw(early.fork("mix"), 10), draw(early.fork("noise"), 10));
  assert.notDeepEqual(draw(early.fork("mix"), 10), draw(createRandom(5), 10));
});

Deno.test("shuffle() keeps all items and reaches every order equally often", () => {
  const random = createRandom("shuffle");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle([1, 2, 3]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].toSorted(), ["123", "132", "213", "231", "312", "321"]);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 120);
});

Deno.test("integer() and pick() reject what has no answer", () => {
  const random = createRandom(1);
  assert.throws(() => random.integer(0), RangeError);
  assert.throws(() => random.integer(1.5), RangeError);
  assert.throws(() => random.pick([]), RangeError);
});
