import assert from "node:assert/strict";
import { stretchTime } from "lib/web/browser/time_stretch.ts";

const RATE = 24_000;

/** A tone's frequency by its upward crossings of zero, in Hz. */
function pitchOf(samples: Float32Array): number {
  const crossings: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const [before, now] = [samples[i - 1]!, samples[i]!];
    if (before < 0 && now >= 0) crossings.push(i - 1 + before / (before - now));
  }
  return (crossings.length - 1) / (crossings.at(-1)! - crossings[0]!) * RATE;
}

Deno.test("stretchTime() changes the length, and neither pitch nor level of a tone", () => {
  const tone = Float32Array.from(
    { length: RATE / 2 },
    (_, i) => 0.5 * Math.sin(2 * Math.PI * 220 * i / RATE),
  );
  for (const speed of [0.25, 0.5, 0.75, 1.25, 1.5, 2]) {
    const stretched = stretchTime(tone, speed, RATE);
    assert.equal(stretched.length, Math.round(RATE / 2 / speed));
    // Without its end, where there is nothing to go on with.
    const middle = stretched.subarray(0, stretched.length - RATE / 10);
    assert.ok(Math.abs(pitchOf(middle) - 220) < 3, `${pitchOf(middle)} Hz at ${speed}`);
    const level = Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length);
    assert.ok(Math.abs(level - 0.5 / Math.SQRT2) < 0.03, `level ${level} at ${speed}`);
  }
});

Deno.test("stretchTime() keeps a click where it belongs, and bears almost no sound at all", () => {
  const samples = new Float32Array(RATE);
  samples.fill(0.8, 12_000, 12_200);
  const stretched = stretchTime(samples, 0.5, RATE);
  const loud = stretched.findIndex((value) => value > 0.4);
  // Frames are 40 ms long.
  assert.ok(Math.abs(loud - 24_000) < 0.04 * RATE, `at ${loud}`);
  assert.equal(stretchTime(new Float32Array(0), 0.5, RATE).length, 1);
  assert.equal(stretchTime(new Float32Array(3), 2, RATE).length, 2);
});
