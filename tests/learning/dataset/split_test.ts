import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { splitByGroup } from "lib/learning/dataset/split.ts";

const items = Array.from({ length: 100 }, (_, i) => ({ id: i, group: `g${Math.floor(i / 5)}` }));

Deno.test("splitByGroup() never puts one group on both sides and loses nothing", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { train, validation } = splitByGroup(items, { trainShare: 0.8, random: createRandom(seed) });
    const held = new Set(validation.map((item) => item.group));
    assert(train.every((item) => !held.has(item.group)));
    assert.deepEqual(
      [...train, ...validation].map((item) => item.id).sort((a, b) => a - b),
      items.map((item) => item.id),
    );
    assert.equal(validation.length, 20);
  }
});

Deno.test("splitByGroup() keeps a group on each side even if the groups are huge", () => {
  const two = [...Array.from({ length: 50 }, () => ({ group: "a" })), { group: "b" }];
  const { train, validation } = splitByGroup(two, { trainShare: 0.9, random: createRandom(1) });
  assert(train.length > 0 && validation.length > 0);
});

Deno.test("splitByGroup() holds nothing out of a single group or at a share of 1", () => {
  const random = createRandom(1);
  assert.equal(
    splitByGroup([{ group: "a" }, { group: "a" }], { trainShare: 0.5, random }).validation.length,
    0,
  );
  assert.equal(splitByGroup(items, { trainShare: 1, random }).validation.length, 0);
  assert.throws(() => splitByGroup(items, { trainShare: 1.5, random }), RangeError);
});

Deno.test("splitByGroup() holds every group out once before any is held out again", () => {
  const parts = Array.from(
    { length: 7 },
    (_, part) =>
      splitByGroup(items, { trainShare: 0.8, random: createRandom(4), part }).validation.map(({ id }) => id),
  );
  const firstFive = parts.slice(0, 5).flat();
  assert.equal(new Set(firstFive).size, 100);
  assert.equal(firstFive.length, 100);
  assert.deepEqual(parts[5], parts[0]);
  assert.deepEqual(parts[6], parts[1]);
});

Deno.test("splitByGroup() has a part to measure on however many parts are asked for", () => {
  const few = [{ group: "a" }, { group: "b" }, { group: "c" }];
  for (let part = 0; part < 9; part++) {
    const split = splitByGroup(few, { trainShare: 0.85, random: createRandom(2), part });
    assert.equal(split.validation.length, 1);
    assert.equal(split.train.length, 2);
  }
});
