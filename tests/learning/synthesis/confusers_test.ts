import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { CONFUSER_KINDS, synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { peakOf } from "lib/learning/synthesis/level.ts";
import { measureSound } from "lib/learning/synthesis/sound_measures.ts";
import { synthesizeSpeech } from "lib/learning/synthesis/voices.ts";

const SAMPLE_RATE = 16000;

for (const kind of CONFUSER_KINDS) {
  Deno.test(`synthesizeConfuser() makes ${kind} that is audible, finite, repeatable and short`, () => {
    const make = (i: number) =>
      synthesizeConfuser(createRandom(`${kind} ${i}`), { sampleRate: SAMPLE_RATE, kind });
    for (let i = 0; i < 8; i++) {
      const { samples, kind: made } = make(i);
      assert.equal(made, kind);
      assert.ok(samples.every(Number.isFinite));
      const peak = peakOf(samples);
      assert.ok(peak > 0.05 && peak <= 1.01, `peak ${peak}`);
      assert.ok(
        samples.length > 0.02 * SAMPLE_RATE && samples.length < 6 * SAMPLE_RATE,
        `${samples.length} samples`,
      );
    }
    assert.deepEqual(make(1).samples, make(1).samples);
  });
}

Deno.test("synthesizeConfuser() draws every kind in the long run", () => {
  const random = createRandom("kinds");
  const seen = new Set<string>();
  for (let i = 0; i < 600; i++) seen.add(synthesizeConfuser(random, { sampleRate: 8000, dry: true }).kind);
  assert.equal(seen.size, CONFUSER_KINDS.length);
});

Deno.test("synthesizeSpeech() is voiced at the speaker's pitch and has the rhythm of syllables", () => {
  const random = createRandom("speech");
  const speaker = {
    pitch: 120,
    tractScale: 1,
    jitter: 0.01,
    shimmer: 0.03,
    openMs: 4,
    returnMs: 0.3,
    breathiness: 0.05,
    tempo: 4,
  };
  const speech = synthesizeSpeech(random, { sampleRate: SAMPLE_RATE, seconds: 4, speaker });
  const { pulseRate, periodicShare, centroid } = measureSound(speech, { sampleRate: SAMPLE_RATE });
  assert.ok(pulseRate > 75 && pulseRate < 180, `${pulseRate} Hz`);
  assert.ok(periodicShare > 0.4);
  assert.ok(centroid > 200 && centroid < 2000);
});
