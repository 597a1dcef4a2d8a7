import assert from "node:assert/strict";
import { matchByOverlap, matchEvents } from "lib/base/metrics/event_matching.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";
import { maximumMatching } from "lib/base/metrics/maximum_matching.ts";
import { createRandom } from "lib/base/numbers/random.ts";

const event = (onset: number, offset = onset + 1) => ({ onset, offset, label: "burp" });

/** Size of the largest matching by trying everything. */
function bruteForce(neighbours: number[][], left = 0, used = new Set<number>()): number {
  if (left === neighbours.length) return 0;
  let best = bruteForce(neighbours, left + 1, used);
  for (const right of neighbours[left]!) {
    if (used.has(right)) continue;
    used.add(right);
    best = Math.max(best, 1 + bruteForce(neighbours, left + 1, used));
    used.delete(right);
  }
  return best;
}

Deno.test("maximumMatching() finds as many pairs as trying everything, and only allowed ones", () => {
  const random = createRandom(1);
  for (let trial = 0; trial < 300; trial++) {
    const [leftCount, rightCount] = [random.integer(7), 1 + random.integer(6)];
    const density = random.next();
    const neighbours = Array.from(
      { length: leftCount },
      () => random.shuffle([...Array(rightCount).keys()].filter(() => random.next() < density)),
    );
    const leftOf = maximumMatching(neighbours, rightCount);
    const pairs = [...leftOf.entries()].filter(([, left]) => left !== -1);
    for (const [right, left] of pairs) assert.ok(neighbours[left]!.includes(right));
    assert.equal(new Set(pairs.map(([, left]) => left)).size, pairs.length);
    assert.equal(pairs.length, bruteForce(neighbours));
  }
});

Deno.test("maximumMatching() copes with long chains", () => {
  // Greedy takes i for i; the last vertex then needs every pair before it to move.
  const n = 3000;
  const neighbours = Array.from({ length: n }, (_, i) => i === n - 1 ? [0] : [i, i + 1]);
  const leftOf = maximumMatching(neighbours, n);
  assert.equal(leftOf.filter((left) => left !== -1).length, n);
});

Deno.test("matchEvents() is optimal where the first come, first served is not", () => {
  const annotations = [event(10), event(11)];
  // 10.5 would serve both; taking it for the annotation at 10 first must not cost the second match.
  const found = [event(10.5), event(9.2)];
  assert.equal(matchEvents(annotations, found, { collar: 1 }).length, 2);
});

Deno.test("matchEvents() includes distances that equal the collar, and offsets where asked", () => {
  assert.equal(matchEvents([event(10)], [event(10.5)], { collar: 0.5 }).length, 1);
  assert.equal(matchEvents([event(10)], [event(10.51)], { collar: 0.5 }).length, 0);
  const rules = { collar: 0.2, offset: true, offsetShare: 0.5 };
  assert.equal(matchEvents([event(10, 12)], [event(10, 13)], rules).length, 1);
  assert.equal(matchEvents([event(10, 12)], [event(10, 13.1)], rules).length, 0);
  assert.equal(matchEvents([event(10, 12)], [event(15, 12)], { ...rules, onset: false }).length, 1);
});

Deno.test("matchByOverlap() takes the greatest overlap first, each event once", () => {
  const matches = matchByOverlap([event(0, 10)], [event(4, 10), event(1, 10), event(20, 21)]);
  assert.deepEqual(matches, [{ annotation: 0, found: 1 }]);
  assert.deepEqual(matchByOverlap([event(0, 10)], [event(10, 20)]), []);
});

Deno.test("falseAlarms() spares what overlaps an annotation widened by half a second", () => {
  const annotations = [event(10, 11)];
  assert.deepEqual(falseAlarms(annotations, [event(11.4, 12), event(10.2, 10.3), event(8, 9.6)]), []);
  // Touching the widened annotation is not overlapping it.
  assert.equal(falseAlarms(annotations, [event(11.5, 12), event(9, 9.5)]).length, 2);
});

Deno.test("falseAlarms() equals looking at every pair", () => {
  const random = createRandom(4);
  const draw = (count: number) =>
    Array.from({ length: count }, () => {
      // A coarse grid makes events that just touch, and events without length.
      const onset = random.integer(200) / 4;
      return event(onset, onset + random.integer(8) / 4);
    });
  for (let trial = 0; trial < 100; trial++) {
    const [annotations, found] = [draw(random.integer(20)), draw(40)];
    const expected = found.filter((f) =>
      !annotations.some((a) => f.onset < a.offset + 0.5 && f.offset > a.onset - 0.5)
    );
    assert.deepEqual(falseAlarms(annotations, found), expected);
  }
});
