import assert from "node:assert/strict";
import { spansOverlap, subtractSpans } from "lib/base/events/time_span.ts";
import { findSilence } from "lib/work/harvest/silence.ts";

const sampleRate = 1000;

Deno.test("findSilence() finds digital silence and no quiet rooms", () => {
  const samples = Float32Array.from({ length: 10_000 }, (_, n) => 0.001 * Math.sin(n));
  samples.fill(0, 2000, 4000);
  samples.fill(1e-5, 9000);
  samples.fill(0, 6000, 6200); // too short
  assert.deepEqual(findSilence(samples, { sampleRate, startTime: 100 }), [
    { start: 102, end: 104 },
    { start: 109, end: 110 },
  ]);
  assert.deepEqual(findSilence(new Float32Array(0), { sampleRate }), []);
});

Deno.test("subtractSpans() leaves what lies in no other window", () => {
  const left = subtractSpans({ start: 0, end: 10 }, [{ start: 8, end: 12 }, { start: 2, end: 3 }, {
    start: 2.5,
    end: 4,
  }]);
  assert.deepEqual(left, [{ start: 0, end: 2 }, { start: 4, end: 8 }]);
  assert.deepEqual(subtractSpans({ start: 1, end: 2 }, [{ start: 0, end: 5 }]), []);
  assert.deepEqual(subtractSpans({ start: 1, end: 2 }, [{ start: 3, end: 5 }]), [{ start: 1, end: 2 }]);
});

Deno.test("spansOverlap() needs more than a shared end", () => {
  assert.equal(spansOverlap({ start: 0, end: 1 }, { start: 1, end: 2 }), false);
  assert.equal(spansOverlap({ start: 0, end: 1.1 }, { start: 1, end: 2 }), true);
});
