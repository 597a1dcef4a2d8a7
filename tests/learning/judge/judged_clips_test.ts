import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { type BurpJudge, openBurpJudge } from "lib/learning/judge/burp_judge.ts";
import { drawBurpClips, withoutBurps } from "lib/learning/judge/judged_clips.ts";
import { synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";

const drawing = { seed: "judged", sampleRate: 16_000 };

async function withJudge(check: (judge: BurpJudge) => Promise<void>): Promise<void> {
  const judge = await openBurpJudge("models/burp", { seed: "judged" });
  try {
    await check(judge);
  } finally {
    await judge.close();
  }
}

Deno.test("drawBurpClips() draws until the judge has taken enough of them for burps", () =>
  withJudge(async (judge) => {
    const all = await drawBurpClips(8, { ...drawing, judge: undefined });
    const heard = await drawBurpClips(8, { ...drawing, judge });
    assert.equal(all.length, 8);
    assert.equal(heard.length, 8);
    assert.equal(new Set(heard.map(({ name }) => name)).size, 8);
    // What both have is the same sound: a judge leaves out, and changes nothing.
    for (const { name, samples } of heard) {
      const same = all.find((clip) => clip.name === name);
      if (same) assert.deepEqual(samples, same.samples);
    }
    assert.deepEqual(await withoutBurps(heard, judge), []);
  }));

Deno.test("drawBurpClips() draws on while the judge takes some, asking the same judge again", async () => {
  let asked = 0;
  const oneOfTen: BurpJudge = {
    name: "strict",
    hear: (sounds) => Promise.resolve([...sounds].map(() => asked++ % 10 === 0)),
    close: () => Promise.resolve(),
  };
  const clips = await drawBurpClips(25, { ...drawing, judge: oneOfTen });
  assert.equal(asked, 400);
  assert.deepEqual(
    clips.map(({ name }) => name),
    Array.from({ length: 25 }, (_, i) => `synthetic-${10 * i}`),
  );
});

Deno.test("drawBurpClips() ends when the judge takes hardly any sound for a burp", async () => {
  const deaf: BurpJudge = {
    name: "models/deaf",
    hear: (sounds) => Promise.resolve([...sounds].map(() => false)),
    close: () => Promise.resolve(),
  };
  await assert.rejects(
    drawBurpClips(8, { ...drawing, judge: deaf }),
    /^RangeError: models\/deaf takes 0 of 200 synthetic burps for burps, too few to draw 8/,
  );
});

Deno.test("withoutBurps() keeps the sounds in which the judge hears no burp", () =>
  withJudge(async (judge) => {
    const random = createRandom("others");
    const others = [0, 1, 2, 3].map((i) => ({
      name: `rain ${i}`,
      path: "",
      group: `${i}`,
      samples: synthesizeConfuser(random, { sampleRate: 16_000, kind: "rain" }).samples,
    }));
    assert.deepEqual(await withoutBurps(others, judge), others);
    assert.deepEqual(await withoutBurps(others, undefined), others);
  }));

Deno.test("openBurpJudge() takes no model that does not know burps", async () => {
  await assert.rejects(openBurpJudge("models/base", { seed: "judged" }), /models\/base cannot judge burps/);
});
