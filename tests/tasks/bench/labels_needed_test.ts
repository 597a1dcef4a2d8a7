import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import {
  byChance,
  byQueue,
  drawStart,
  f1At,
  type LabelledSound,
  learnStepwise,
  ROUND,
} from "tasks/bench/labels_needed.ts";

/** Sounds of which one in ten is positive, in a corner of its own. */
function makeSounds(seed: string, count: number): LabelledSound[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const positive = index % 10 === 0;
    const centre = positive ? 1.5 : 0;
    return {
      positive,
      embedding: Float32Array.from({ length: 6 }, () => centre + random.normal()),
    };
  });
}

Deno.test("learnStepwise() learns more as it labels more, and stops where it is told to", () => {
  const [pool, test] = [makeSounds("pool", 200), makeSounds("test", 300)];
  const random = createRandom("run");
  const start = drawStart(pool, random.fork("start"));
  assert(start.filter((index) => pool[index]!.positive).length >= 2);
  for (const order of [byQueue, byChance(random)]) {
    const points = learnStepwise({ pool, test, start, order, most: 80 });
    assert.equal(points[0]!.labels, start.length);
    assert(points.at(-1)!.labels >= 80 && points.at(-1)!.labels < 80 + ROUND);
    assert(points.at(-1)!.f1 > 0.75, `${points.at(-1)!.f1}`);
    assert(points.at(-1)!.f1 >= points[0]!.f1 - 0.02);
  }
  const all = learnStepwise({
    pool: pool.slice(0, 50),
    test,
    start: [0, 1, 10, 11],
    order: byQueue,
    most: 80,
  });
  assert.equal(all.at(-1)!.labels, 50, "no more than there are");
});

Deno.test("f1At() reads between the points of a learning curve", () => {
  const points = [{ labels: 6, f1: 0.2 }, { labels: 12, f1: 0.5 }, { labels: 18, f1: 0.4 }];
  assert.deepEqual([3, 6, 9, 12, 30].map((labels) => f1At(points, labels).toFixed(2)), [
    ...["0.20", "0.20", "0.35", "0.50", "0.40"],
  ]);
});
