import assert from "node:assert/strict";
import { createScoreMixer } from "lib/learning/detect/mix_scores.ts";

const GRID = { startTime: 0, period: 0.04 };
const TRACKS = [0, 1, 2].map(() => ({ grid: GRID, eventNames: ["burp"] }));

function mix(votes: number | undefined): number[] {
  const mixer = createScoreMixer(TRACKS, votes);
  [[0.9, 0.2], [0.5, 0.8], [0.1, 0.8]].forEach((scores, track) =>
    mixer.push(track, Float32Array.from(scores))
  );
  return Array.from(mixer.take(), (score) => Number(score.toFixed(6)));
}

Deno.test("createScoreMixer() gives the mean, or the score that n of m models reach", () => {
  assert.deepEqual(mix(undefined), [0.5, 0.6]);
  assert.deepEqual(mix(1), [0.9, 0.8]);
  assert.deepEqual(mix(2), [0.5, 0.8]);
  assert.deepEqual(mix(3), [0.1, 0.2]);
  assert.deepEqual(mix(9), [0.1, 0.2]);
  assert.throws(() => createScoreMixer(TRACKS, 0), RangeError);
});
