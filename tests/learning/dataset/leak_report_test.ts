import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createLeakReport, type LeakClip } from "lib/learning/dataset/leak_report.ts";

/** Recordings with a background of their own, whose clips say nothing of the class but which recording they are from. */
function makeClips(options: { groups: number; perGroup: number; told: number }): LeakClip[] {
  const random = createRandom(9);
  return Array.from({ length: options.groups }, (_, group) => {
    const positive = group % 3 === 0;
    const background = Array.from({ length: 6 }, () => random.normal());
    return Array.from({ length: options.perGroup }, (): LeakClip => ({
      positive,
      group: `g${group}`,
      statistics: Float32Array.from(
        background,
        (value, d) => value + 0.1 * random.normal() + (d === 0 && positive ? options.told : 0),
      ),
    }));
  }).flat();
}

Deno.test("createLeakReport() shows that a random split flatters where clips give away their recording", () => {
  const clips = makeClips({ groups: 30, perGroup: 6, told: 0 });
  const { random, grouped, chance, groups } = createLeakReport(clips, { random: createRandom(1) });
  assert.deepEqual([groups, chance.toFixed(3)], [30, "0.333"]);
  assert.ok(random.mean > 0.95, String(random.mean));
  assert.ok(grouped.mean < 0.65, String(grouped.mean));
});

Deno.test("createLeakReport() gives the same figure twice where the sound itself tells the classes apart", () => {
  const { random, grouped } = createLeakReport(makeClips({ groups: 30, perGroup: 6, told: 20 }), {
    random: createRandom(1),
  });
  assert.ok(random.mean > 0.99 && grouped.mean > 0.99);
});

Deno.test("createLeakReport() repeats itself, leaves out whole groups of too many clips, and wants both classes", () => {
  const clips = makeClips({ groups: 30, perGroup: 6, told: 1 });
  const once = createLeakReport(clips, { random: createRandom(4), maxClips: 100 });
  assert.deepEqual(createLeakReport(clips, { random: createRandom(4), maxClips: 100 }), once);
  assert.deepEqual([once.clips, once.groups], [96, 16]);
  assert.throws(
    () => createLeakReport(clips.filter(({ positive }) => positive), { random: createRandom(1) }),
    RangeError,
  );
});
