import assert from "node:assert/strict";
import { labelKeys } from "lib/web/browser/clip_panel.ts";
import { ClipQueue, describeProgress } from "lib/web/browser/clip_queue.ts";

const items = ["a", "b", "c", "d"].map((id) => ({ id }));

Deno.test("ClipQueue asks for what has no answer, and comes back to what was left out", () => {
  const queue = new ClipQueue([...items.slice(0, 2), { id: "c", answer: "x", label: "burp" }, { id: "d" }]);
  assert.deepEqual(queue.unanswered(-1, 3), ["a", "b", "d"]);
  assert.deepEqual(queue.unanswered(1, 3), ["d", "a", "b"]);
  for (const id of ["a", "b", "d"]) queue.note(id, { id: `answer-${id}`, label: "skip" });
  assert.deepEqual(queue.unanswered(0, 3), []);
  queue.note("b", undefined);
  assert.deepEqual(queue.unanswered(3, 3), ["b"]);
  assert.deepEqual(queue.progress(), { total: 4, answered: 3, left: 1 });
});

Deno.test("ClipQueue keeps what was passed where it is when the others come in another order", () => {
  const queue = new ClipQueue(["a", "b", "c", "d"].map((id) => ({ id })));
  queue.tick(0);
  const other = queue.continued([{ id: "d" }, { id: "e" }, { id: "c" }, { id: "a", answer: "1" }], "b");
  assert.deepEqual(other.places.map(({ id }) => id), ["a", "d", "e", "c"], "b is there no more");
  assert.equal(other.place("a")?.answer, "1");
  assert.deepEqual(other.continued([{ id: "c" }, { id: "d" }], undefined).places.map(({ id }) => id), [
    "c",
    "d",
  ]);
});

Deno.test("ClipQueue measures the pace of answers, without breaks", () => {
  const queue = new ClipQueue(items);
  let now = 0;
  for (let i = 0; i < 10; i++) queue.tick(now += 1_500);
  queue.tick(now += 600_000);
  const { perMinute, secondsLeft } = queue.progress();
  assert.equal(perMinute, 40);
  assert.equal(secondsLeft, 6);
});

Deno.test("describeProgress() says how far, how fast and how long still", () => {
  assert.equal(
    describeProgress({ total: 1000, answered: 312, left: 688, perMinute: 36, secondsLeft: 1147 }),
    "312 of 1,000 · 688 left · 36 a minute · about 19 min to go",
  );
  assert.equal(describeProgress({ total: 2, answered: 0, left: 2 }), "0 of 2 · 2 left");
  assert.equal(
    describeProgress({ total: 2, answered: 0, left: 2 }, { done: 7, total: 1500 }),
    "0 of 2 · 2 left · by score so far, 7 of 1,500 sounds compared",
  );
});

Deno.test("labelKeys() gives every label keys of its own", () => {
  const labels = ["burp", "not-burp", "cough", "not-cough", "unsure", "skip"];
  const keys = labelKeys(labels, ["burp", "cough"]);
  assert.deepEqual(keys.map(({ keys: [first] }) => first), ["j", "f", "3", "4", "u", "s"]);
  const all = keys.flatMap(({ keys }) => keys);
  assert.equal(new Set(all).size, all.length);
});
