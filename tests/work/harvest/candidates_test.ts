import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { mentionWindow, rankCandidates } from "lib/work/harvest/candidates.ts";
import { learnDelays } from "lib/work/harvest/delay_model.ts";
import type { Onset } from "lib/work/harvest/onsets.ts";

const at = (onset: number, salience = 10, level = -30): Onset => ({
  onset,
  offset: onset + 0.5,
  salience,
  level,
});
const order = (onsets: readonly Onset[], times: number[], options = {}) =>
  rankCandidates(onsets, { times }, options).map((candidate) => candidate.onset);

Deno.test("mentionWindow() looks back from the first message", () => {
  assert.deepEqual(mentionWindow({ times: [100, 104] }), { start: 80, end: 101 });
  assert.deepEqual(mentionWindow({ times: [5] }, 15), { start: 0, end: 6 });
  assert.throws(() => mentionWindow({ times: [] }), RangeError);
  assert.throws(() => mentionWindow({ times: [1] }, 0), RangeError);
});

Deno.test("rankCandidates() prefers usual delays, then what stands out", () => {
  assert.equal(order([at(81), at(95), at(99.5)], [100])[0], 95);
  assert.deepEqual(order([at(94, 4), at(95.5, 25)], [100]), [95.5, 94]);
  assert.equal(order(Array.from({ length: 20 }, (_, i) => at(80 + i)), [100]).length, 5);
  assert.deepEqual(rankCandidates([], { times: [100] }), []);
});

Deno.test("rankCandidates() is surer the more people agree, and never quite sure", () => {
  const best = (times: number[]) => rankCandidates([at(94), at(84)], { times })[0]!;
  const [one, five] = [best([100]), best([99, 100, 100, 101, 102])];
  assert.equal(one.onset, 94);
  assert.equal(one.delay, 6);
  assert(one.probability < five.probability && five.probability < 1);
  const alone = rankCandidates([at(94), at(95)], { times: [100] });
  assert(alone.reduce((sum, candidate) => sum + candidate.probability, 0) < 1);
});

Deno.test("rankCandidates() listens to a model, and believes in nothing where the model hears nothing", () => {
  const score = (onset: Onset) => onset.onset === 88 ? 0.99 : 0.01;
  const [first, second] = rankCandidates([at(88), at(95)], { times: [100] }, { score });
  assert.deepEqual([first!.onset, first!.modelScore, second!.modelScore], [88, 0.99, 0.01]);
  assert(first!.probability > 0.9);
  const deaf = rankCandidates([at(88), at(95)], { times: [100] }, { score: () => 0 });
  assert(deaf.reduce((sum, candidate) => sum + candidate.probability, 0) < 0.05);
});

Deno.test("rankCandidates() finds planted sounds far more often than the loudest in the window", () => {
  const random = createRandom("planted");
  const delays: number[] = [];
  const rounds = 400;
  const hits = { loudest: 0, before: 0, learned: 0 };
  for (let round = 0; round < rounds; round++) {
    const delay = 8 + random.normal(); // a channel with habits of its own
    const truth = at(100 - delay, 8 + 4 * random.normal(), -35 + 6 * random.normal());
    const others = Array.from(
      { length: 6 },
      () => at(random.uniform(80, 100), 8 + 4 * random.normal(), -32 + 6 * random.normal()),
    );
    const onsets = [...others, truth].toSorted((a, b) => a.onset - b.onset);
    const loudest = onsets.toSorted((a, b) => b.level - a.level)[0];
    if (loudest === truth) hits.loudest++;
    if (order(onsets, [100])[0] === truth.onset) hits.before++;
    if (order(onsets, [100], { delays: learnDelays(delays) })[0] === truth.onset) hits.learned++;
    delays.push(delay);
  }
  assert(hits.before > 1.3 * hits.loudest, Deno.inspect(hits));
  assert(hits.learned > 1.4 * hits.before, Deno.inspect(hits));
});
