import assert from "node:assert/strict";
import { rankSuspects } from "lib/learning/evaluate/label_suspects.ts";

const judged = (name: string, score: number, embedding: number[], event?: string) => ({
  clip: { name, path: name, group: name, ...(event === undefined ? {} : { event }) },
  score,
  embedding: Float32Array.from(embedding),
});

Deno.test("rankSuspects() puts first what speaks most against its label, with what sounds alike", () => {
  const list = rankSuspects([
    judged("right", 0.9, [5, 0], "burp"),
    judged("wrong", 0.1, [0, 5], "burp"),
    judged("other", 0.2, [0.1, 5]),
    judged("hidden", 0.7, [5, 0.1]),
    judged("cough", 0.05, [-4, -4], "cough"),
  ], { event: "burp", neighbours: 2 });
  assert.deepEqual(list.map(({ clip }) => clip.name), ["wrong", "hidden", "other", "right", "cough"]);
  const [wrong, hidden] = list;
  assert.deepEqual([wrong!.label, wrong!.suggestion, wrong!.index], ["burp", "not-burp", 1]);
  assert.deepEqual([hidden!.label, hidden!.suggestion], ["not-burp", "burp"]);
  assert.ok(Math.abs(wrong!.doubt - 0.9) < 1e-12);
  assert.equal(wrong!.neighbours[0]!.clip.name, "other");
  assert.ok(wrong!.neighbours[0]!.likeness > 0.99 && wrong!.neighbours.length === 2);
  assert.equal(hidden!.neighbours[0]!.label, "burp");
  assert.equal(list.at(-1)!.label, "not-burp", "another sound is no burp");
  assert.equal(rankSuspects([judged("a", 0.5, [1])], { event: "burp", count: 3 })[0]!.neighbours.length, 0);
});
