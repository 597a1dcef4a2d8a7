import assert from "node:assert/strict";
import { colourMap, plotlyColourScale } from "lib/show/plots/colour_map.ts";

/** Lightness L* of CIELAB, from 0 to 100. */
function lightness(rgb: readonly [number, number, number]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
}

for (const name of ["magma", "viridis"] as const) {
  Deno.test(`colourMap() of ${name} rises evenly in lightness`, () => {
    const colours = colourMap(name);
    assert.equal(colours.length, 256);
    const values = colours.map(lightness);
    const mean = (values[255]! - values[0]!) / 255;
    for (let i = 16; i < 256; i++) {
      const step = (values[i]! - values[i - 16]!) / 16;
      assert.ok(
        step > 0.4 * mean && step < 1.8 * mean,
        `step ${i}: ${step.toFixed(3)}, mean ${mean.toFixed(3)}`,
      );
    }
  });
}

Deno.test("plotlyColourScale() goes from 0 to 1 with the ends of the map", () => {
  const scale = plotlyColourScale("viridis");
  assert.deepEqual(scale[0], [0, "#440154"]);
  assert.deepEqual(scale.at(-1), [1, "#fde725"]);
});
