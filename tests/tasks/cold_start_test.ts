import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { drawBurpClips, withoutBurps } from "tasks/cold_start/judged_clips.ts";

const judging = { seed: "judged", sampleRate: 16_000, signal: new AbortController().signal };

Deno.test("cold-start draws burps until the judge has taken enough of them for burps", async () => {
  const all = await drawBurpClips(8, { ...judging, judge: undefined });
  const heard = await drawBurpClips(8, { ...judging, judge: "models/burp" });
  assert.equal(all.length, 8);
  assert.equal(heard.length, 8);
  assert.equal(new Set(heard.map(({ name }) => name)).size, 8);
  // What both have is the same sound: a judge leaves out, and changes nothing.
  for (const { name, samples } of heard) {
    const same = all.find((clip) => clip.name === name);
    if (same) assert.deepEqual(samples, same.samples);
  }
  assert.deepEqual(await withoutBurps(heard, { ...judging, judge: "models/burp" }), []);
});

Deno.test("cold-start keeps the other sounds in which the judge hears no burp", async () => {
  const random = createRandom("others");
  const others = [0, 1, 2, 3].map((i) => ({
    name: `rain ${i}`,
    path: "",
    group: `${i}`,
    samples: synthesizeConfuser(random, { sampleRate: 16_000, kind: "rain" }).samples,
  }));
  assert.deepEqual(await withoutBurps(others, { ...judging, judge: "models/burp" }), others);
});
