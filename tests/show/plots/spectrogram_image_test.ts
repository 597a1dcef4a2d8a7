import assert from "node:assert/strict";
import { decode } from "fast-png";
import { renderSpectrogram } from "lib/show/plots/spectrogram_image.ts";

/** A spectrogram of silence with one loud cell. */
function oneCell(T: number, M: number, t: number, m: number) {
  const data = new Float32Array(T * M);
  data[t * M + m] = 1;
  return { data, shape: [T, M] as const };
}

function brightest(png: Uint8Array): { x: number; y: number; width: number; height: number } {
  const { data, width, height } = decode(png);
  const index = data.indexOf(Math.max(...data));
  return { x: index % width, y: Math.floor(index / width), width, height };
}

Deno.test("renderSpectrogram() draws time to the right and low bands at the bottom", () => {
  const png = renderSpectrogram(oneCell(30, 10, 24, 2), { height: 10, low: 0, high: 1 });
  assert.deepEqual(brightest(png), { x: 24, y: 7, width: 30, height: 10 });
});

Deno.test("renderSpectrogram() keeps places when it grows and when it shrinks", () => {
  const large = brightest(
    renderSpectrogram(oneCell(10, 5, 9, 0), { width: 100, height: 50, low: 0, high: 1 }),
  );
  assert.ok(large.x >= 90 && large.y >= 40, JSON.stringify(large));
  const small = brightest(
    renderSpectrogram(oneCell(100, 40, 55, 39), { width: 10, height: 4, low: 0, high: 0.01 }),
  );
  assert.deepEqual([small.x, small.y], [5, 0]);
});

Deno.test("renderSpectrogram() maps low and high to the ends of the colour map and NaN to its start", () => {
  const { data, palette } = decode(
    renderSpectrogram({ data: Float32Array.of(-9, 9, NaN), shape: [3, 1] }, { height: 1, low: 0, high: 1 }),
  );
  assert.deepEqual([...data], [0, 255, 0]);
  assert.deepEqual(palette?.[0], [0, 0, 4]);
});

Deno.test("renderSpectrogram() does not let one click darken the rest", () => {
  const data = Float32Array.from({ length: 4_000 }, (_, index) => index % 2);
  data[77] = 1_000;
  const pixels = decode(renderSpectrogram({ data, shape: [100, 40] }, { height: 40 })).data;
  assert.ok(pixels.filter((value) => value > 250).length >= 1_900);
});

Deno.test("renderSpectrogram() draws silence dark", () => {
  const { data } = decode(renderSpectrogram({ data: new Float32Array(50).fill(-2), shape: [10, 5] }));
  assert.ok(data.every((value) => value === 0));
});

Deno.test("renderSpectrogram() refuses shapes that do not fit and sides that are too long", () => {
  assert.throws(() => renderSpectrogram({ data: new Float32Array(5), shape: [2, 3] }), RangeError);
  assert.throws(() => renderSpectrogram({ data: new Float32Array(0), shape: [0, 3] }), RangeError);
  assert.throws(() => renderSpectrogram(oneCell(3, 3, 0, 0), { width: 4_001 }), RangeError);
});
