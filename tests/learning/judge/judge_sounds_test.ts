import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import type { Scorer } from "lib/learning/detect/scorer.ts";
import { rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { judgeSounds } from "lib/learning/judge/judge_sounds.ts";

const SAMPLE_RATE = 16_000, FRAME = 1600;

/** A judge whose score of each tenth of a second is how loud it is. */
function loudnessJudge(): Scorer {
  return {
    sampleRate: SAMPLE_RATE,
    grid: { startTime: 0, period: FRAME / SAMPLE_RATE },
    eventNames: ["burp"],
    lookahead: 0,
    context: 0,
    close: () => Promise.resolve(),
    async *score(blocks) {
      const rest: number[] = [];
      let startFrame = 0;
      for await (const block of blocks) {
        rest.push(...block);
        while (rest.length >= FRAME) {
          yield {
            startFrame: startFrame++,
            scores: Float32Array.of(rootMeanSquare(new Float32Array(rest.splice(0, FRAME)))),
          };
        }
      }
    },
  };
}

Deno.test("judgeSounds() gives each sound its own highest score", async () => {
  const levels = [0.3, 0.9, 0.1, 0.6];
  const sounds = levels.map((level, i) =>
    Float32Array.from({ length: 4000 + 3000 * i }, (_, n) => level * Math.sqrt(2) * Math.sin(n))
  );
  const scores = await judgeSounds(loudnessJudge(), sounds, { random: createRandom(1) });
  assert.equal(scores.length, 4);
  scores.forEach((score, i) => assert.ok(Math.abs(score - levels[i]!) < 0.02, `${score} for ${levels[i]}`));
});
