import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { foldsByGroup, planFolds } from "lib/learning/dataset/folds.ts";

Deno.test("foldsByGroup() never divides a group, and gives each fold its share of both classes", () => {
  const random = createRandom(3);
  const items = Array.from({ length: 300 }, (_, i) => ({
    group: `g${random.integer(90)}`,
    ...(i % 5 === 0 ? { event: "burp" } : {}),
  }));
  const folds = foldsByGroup(items, { folds: 5, random });
  const byGroup = new Map<string, number>();
  for (const [i, { group }] of items.entries()) {
    assert.equal(byGroup.get(group) ?? folds[i], folds[i], "a group is in two folds");
    byGroup.set(group, folds[i]!);
  }
  for (let fold = 0; fold < 5; fold++) {
    const own = items.filter((_, i) => folds[i] === fold);
    const positives = own.filter((item) => "event" in item).length;
    assert.ok(Math.abs(own.length - 60) <= 8, `fold ${fold} has ${own.length}`);
    assert.ok(Math.abs(positives - 12) <= 3, `fold ${fold} has ${positives} positives`);
  }
});

Deno.test("foldsByGroup() refuses fewer groups than folds and fewer than two folds", () => {
  const items = [{ group: "a" }, { group: "b" }, { group: "b" }];
  const random = createRandom(1);
  assert.throws(() => foldsByGroup(items, { folds: 3, random }), /2 recordings only/);
  assert.throws(() => foldsByGroup(items, { folds: 1, random }), RangeError);
  assert.deepEqual(new Set(foldsByGroup(items, { folds: 2, random })), new Set([0, 1]));
});

Deno.test("planFolds() takes fewer folds where there are fewer groups, and says so", () => {
  const items = (groups: string, event: string) => [...groups].map((group) => ({ group, event }));
  const negatives = [..."abcde"].map((group) => ({ group }));
  assert.deepEqual(planFolds([...items("ab", "burp"), ...negatives], 5), { folds: 5 });
  const few = planFolds([...items("ab", "burp"), ...negatives.slice(0, 3)], 5);
  assert.deepEqual(few, { folds: 3, reason: "3 parts instead of 5: the clips come from 3 recordings" });
  assert.throws(
    () => planFolds([...items("aaa", "burp"), ...negatives], 5),
    /all clips of burp come from one/,
  );
  assert.throws(
    () => planFolds([...items("abc", "burp"), { group: "d" }], 5),
    /without the sound come from one/,
  );
});

Deno.test("foldsByGroup() leaves something of every class to learn from, however groups are mixed", () => {
  const items = [["a", 5, 10], ["b", 1, 100], ["c", 0, 400]].flatMap(([group, positives, negatives]) => [
    ...Array.from({ length: Number(positives) }, () => ({ group: String(group), event: "burp" })),
    ...Array.from({ length: Number(negatives) }, () => ({ group: String(group) })),
  ]);
  for (let seed = 0; seed < 20; seed++) {
    const folds = foldsByGroup(items, { folds: 2, random: createRandom(seed) });
    const ofBurp = new Set(folds.filter((_, i) => "event" in items[i]!));
    assert.equal(ofBurp.size, 2);
  }
});
