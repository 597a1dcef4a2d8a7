import assert from "node:assert/strict";
import { framesOf, highestOf, type Track, valuesOf } from "lib/base/events/track.ts";
import { decodeTrack, encodeTrack } from "lib/base/events/track_file.ts";

const GRID = { startTime: -0.01, period: 0.08 };
const BYTES: Track = { name: "scores", grid: GRID, columns: ["a", "b"], data: Uint8Array.of(0, 255, 51, 0) };
const FLOATS: Track = { name: "embedding", grid: GRID, columns: ["0"], data: Float32Array.of(1.5, -2e-9, 7) };
const MADE_BY = { model: "m", of: [{ size: 3 }] };

Deno.test("decodeTrack() reads what encodeTrack() wrote, of any width", () => {
  for (const track of [BYTES, FLOATS, { ...FLOATS, columns: ["x", "y"], data: new Float32Array(0) }]) {
    assert.deepEqual(decodeTrack(encodeTrack(track, MADE_BY)), { track, madeBy: MADE_BY });
  }
  // Parts of a larger array are whole tracks, too.
  const part = { ...FLOATS, data: Float32Array.of(9, 1, 2, 9).subarray(1, 3) };
  assert.deepEqual([...decodeTrack(encodeTrack(part, {}))!.track.data], [1, 2]);
});

Deno.test("decodeTrack() has nothing of what is cut off, damaged or of a later version", () => {
  const bytes = encodeTrack(BYTES, MADE_BY);
  const text = new TextDecoder("latin1").decode(bytes);
  const spoilt = ["", "\n", "{}\n", "no JSON\n12", text.replace('"formatVersion":2', '"formatVersion":3')];
  const arrays = spoilt.map((one) => new TextEncoder().encode(one));
  for (const one of [...arrays, bytes.slice(0, -1), Uint8Array.of(...bytes, 0)]) {
    assert.equal(decodeTrack(one), undefined);
  }
});

Deno.test("tracks count their frames, and give values and the highest of each frame", () => {
  assert.equal(framesOf(BYTES), 2);
  assert.deepEqual([...valuesOf(BYTES)], [0, 1, 0.2, 0].map(Math.fround));
  assert.deepEqual([...highestOf(BYTES)], [1, 0.2].map(Math.fround));
  assert.deepEqual([...highestOf({ ...FLOATS, data: Float32Array.of(-3, -4) })], [-3, -4]);
});
