import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { type QueueCandidate, queueForLabelling } from "lib/learning/dataset/active_learning_queue.ts";

const candidate = (id: string, scores: number[], ...embedding: number[]): QueueCandidate => ({
  id,
  scores,
  embedding: Float32Array.from(embedding),
});

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

Deno.test("queueForLabelling() puts what is near the threshold first", () => {
  const items = [candidate("no", [0.02], 0), candidate("yes", [0.99], 0), candidate("unsure", [0.45], 0)];
  assert.equal(queueForLabelling(items)[0]?.id, "unsure");
  // At another threshold, another one is unsure.
  const low = queueForLabelling(items, {
    threshold: 0.02,
    weights: { uncertainty: 1, disagreement: 0, novelty: 0 },
  });
  assert.deepEqual([low[0]?.id, low[0]?.uncertainty], ["no", 1]);
});

Deno.test("queueForLabelling() asks where models disagree", () => {
  const items = [candidate("same", [0.9, 0.9], 0), candidate("apart", [0.05, 0.95], 0)];
  const [first] = queueForLabelling(items);
  assert.deepEqual([first?.id, first?.disagreement.toFixed(2)], ["apart", "0.90"]);
});

Deno.test("queueForLabelling() asks for one of each kind before it asks for a second of one", () => {
  const items = ["a1", "a2", "a3", "b1", "b2", "c1"].map((id) =>
    candidate(id, [0.5], id.charCodeAt(0) * 10 + Number(id[1]) / 100)
  );
  const kinds = queueForLabelling(items, { count: 3 }).map(({ id }) => id[0]);
  assert.deepEqual(kinds.sort(), ["a", "b", "c"]);
  const labelled = [items[0]!.embedding, items[5]!.embedding];
  assert.equal(queueForLabelling(items, { labelled, count: 1 })[0]?.id[0], "b");
});

Deno.test("queueForLabelling() takes candidates without a model, copies and nothing at all", () => {
  assert.deepEqual(queueForLabelling([]), []);
  const copies = [candidate("x", [], 1, 2), candidate("y", [], 1, 2)];
  assert.deepEqual(ids(queueForLabelling(copies)), ["x", "y"]);
  assert.throws(() => queueForLabelling([candidate("x", [1.5], 1)]), /x: its score 1\.5/);
  assert.throws(() => queueForLabelling([candidate("x", [], 1), candidate("y", [], 1, 2)]), /length/);
  assert.throws(() => queueForLabelling([], { threshold: 1 }), /threshold/);
});

interface Point {
  readonly positive: boolean;
  readonly embedding: Float32Array;
}

/** From 0 to 1, by the distances to the nearest known positive and negative. */
function scoreOf({ embedding: [x, y] }: Point, known: readonly Point[]): number {
  let [yes, no] = [10, 10];
  for (const { positive, embedding: [u, v] } of known) {
    const gap = Math.sqrt((x! - u!) ** 2 + (y! - v!) ** 2);
    if (positive) yes = Math.min(yes, gap);
    else no = Math.min(no, gap);
  }
  return yes + no === 0 ? 0.5 : no / (yes + no);
}

Deno.test("queueForLabelling() leaves fewer mistakes after thirty labels than random order does", () => {
  const random = createRandom(3);
  // Eight kinds of sound, some of them rare, every other one positive.
  const points = Array.from({ length: 300 }, (): Point => {
    const kind = Math.min(random.integer(8), random.integer(8));
    const angle = kind * Math.PI / 4;
    const spread = () => 0.5 * random.normal();
    return {
      positive: kind % 2 === 1,
      embedding: Float32Array.of(4 * Math.cos(angle) + spread(), 4 * Math.sin(angle) + spread()),
    };
  });
  const start = [points.find(({ positive }) => positive)!, points.find(({ positive }) => !positive)!];
  const mistakes = (known: readonly Point[]) =>
    points.filter((point) => scoreOf(point, known) >= 0.5 !== point.positive).length;
  const known = [...start];
  while (known.length < 30) {
    const rest = points.filter((point) => !known.includes(point));
    const candidates = rest.map((point, index) => ({
      id: String(index),
      scores: [scoreOf(point, known)],
      embedding: point.embedding,
    }));
    const labelled = known.map(({ embedding }) => embedding);
    known.push(rest[Number(queueForLabelling(candidates, { count: 1, labelled })[0]!.id)]!);
  }
  const byChance = Array.from({ length: 11 }, (_, run) => {
    const order = createRandom(`order ${run}`).shuffle(points);
    return mistakes([...start, ...order.slice(0, 28)]);
  }).sort((a, b) => a - b);
  assert.ok(mistakes(known) < byChance[5]! / 2, `${mistakes(known)} mistakes; in random order ${byChance}`);
});
