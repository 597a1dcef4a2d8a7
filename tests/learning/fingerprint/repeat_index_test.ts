import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { takeFingerprint } from "lib/learning/fingerprint/fingerprint.ts";
import { createRepeatIndex } from "lib/learning/fingerprint/repeat_index.ts";

const RATE = 8000;

/** Random notes over noise, other ones for each seed. */
function tune(seed: string, seconds: number): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  const samples = Float32Array.from({ length: seconds * RATE }, () => 0.05 * (random.next() - 0.5));
  for (let at = 0; at < samples.length; at += Math.floor(RATE * (0.05 + 0.1 * random.next()))) {
    const step = 2 * Math.PI * (300 + 2500 * random.next()) / RATE;
    const length = Math.min(RATE * 0.2, samples.length - at);
    for (let n = 0; n < length; n++) samples[at + n]! += 0.2 * Math.exp(-n / 600) * Math.sin(step * n);
  }
  return samples;
}

function episode(seed: string, ad: Float32Array, at: number, gain: number): Float32Array {
  const samples = tune(seed, 60);
  const random = createRandom(`${seed} noise`);
  for (let n = 0; n < ad.length; n++) samples[at * RATE + n] = gain * ad[n]! + 0.0002 * (random.next() - 0.5);
  return samples;
}

const fingerprintOf = (samples: Float32Array) => takeFingerprint(ReadableStream.from([samples]));

Deno.test("a repeat index finds an ad at another level in another recording, and nothing else", async () => {
  const ad = tune("ad", 15);
  const index = createRepeatIndex();
  index.add("monday", await fingerprintOf(episode("monday", ad, 10, 1)));
  index.add("tuesday", await fingerprintOf(tune("tuesday", 60)));
  const repeats = index.find(await fingerprintOf(episode("friday", ad, 32, 0.25)));
  assert.equal(repeats.length, 1);
  const [{ onset, offset, other, otherOnset }] = repeats as [typeof repeats[number]];
  assert.equal(other, "monday");
  for (const [found, true_] of [[onset, 32], [offset, 47], [otherOnset, 10]] as const) {
    assert.ok(Math.abs(found - true_) < 0.4, `${found} for ${true_}`);
  }
});

Deno.test("a repeat index leaves out what is shorter than asked", async () => {
  const index = createRepeatIndex({ shortest: 5 });
  const jingle = tune("jingle", 3);
  index.add("monday", await fingerprintOf(episode("monday", jingle, 10, 1)));
  assert.deepEqual(index.find(await fingerprintOf(episode("friday", jingle, 32, 1))), []);
});
