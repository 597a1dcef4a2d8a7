import assert from "node:assert/strict";
import { foldsByGroup } from "lib/dataset/folds.ts";
import { createRandom } from "lib/system/random.ts";

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
