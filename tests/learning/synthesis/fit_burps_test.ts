import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import {
  type BurpDistribution,
  drawBurpPoint,
  formatBurpDistribution,
} from "lib/learning/synthesis/burp_voice.ts";
import { fitBurps } from "lib/learning/synthesis/fit_burps.ts";
import { rootMeanSquare } from "lib/learning/synthesis/level.ts";

Deno.test("fitBurps() moves the distribution to what the judge takes for burps", async () => {
  // This one likes dull sounds, whose samples resemble their neighbours.
  const judge = (sounds: Iterable<Float32Array>) =>
    Promise.resolve(Array.from(sounds, (sound) => {
      const steps = sound.map((value, n) => value - (sound[n - 1] ?? value));
      return rootMeanSquare(steps) < 0.2 * rootMeanSquare(sound) ? 1 : 0;
    }));
  const rounds = await Array.fromAsync(fitBurps(judge, { seed: "fit", rounds: 3, draws: 80, points: 12 }));
  assert.ok(rounds[2]!.share > rounds[0]!.share + 0.2, rounds.map(({ share }) => share).join(", "));
  const { distribution } = rounds[2]!;
  assert.equal(distribution.points.length, 12);
  assert.ok(distribution.points.flat().every((value) => value >= 0 && value <= 1));
  assert.ok(distribution.spread < rounds[0]!.distribution.spread);
});

Deno.test("a distribution is kept with two digits for each parameter", () => {
  const random = createRandom(3);
  const drawn: BurpDistribution = {
    spread: 0.07,
    points: [0, 1].map(() => drawBurpPoint(random, { points: [], spread: 0 })),
  };
  const read = JSON.parse(formatBurpDistribution(drawn)) as { spread: number; points: string[] };
  assert.equal(read.spread, 0.07);
  read.points.forEach((digits, i) =>
    drawn.points[i]!.forEach((value, k) => {
      assert.ok(Math.abs(Number(digits.slice(2 * k, 2 * k + 2)) / 99 - value) < 0.006);
    })
  );
});
