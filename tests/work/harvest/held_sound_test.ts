import assert from "node:assert/strict";
import { holdSound } from "lib/work/harvest/held_sound.ts";
import { HARVEST_RATE } from "lib/work/harvest/recording_sound.ts";

Deno.test("holdSound() gives a window with some seconds around, where the recording reaches", async () => {
  const samples = Float32Array.from({ length: 60 * HARVEST_RATE }, (_, n) => n < 30 * HARVEST_RATE ? 0.1 : 0);
  const sound = holdSound(samples, "x");
  assert.deepEqual(sound.span, { start: 0, end: 60 });
  const read = await sound.read({ start: 20, end: 28 });
  assert.deepEqual([read!.start, read!.samples.length / HARVEST_RATE], [16, 16]);
  assert.deepEqual(read!.silent, [{ start: 30, end: 32 }]);
  const first = await sound.read({ start: 0, end: 3 });
  assert.deepEqual([first!.start, first!.samples.length / HARVEST_RATE], [0, 7]);
  for (const window of [{ start: 60, end: 80 }, { start: -9, end: 0 }]) {
    assert.equal(await sound.read(window), undefined);
  }
});
