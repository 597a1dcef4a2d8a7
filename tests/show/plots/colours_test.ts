import assert from "node:assert/strict";
import {
  OKABE_ITO,
  ROLE_COLOURS,
  SERIES_COLOURS,
  THEME_COLOURS,
  themeSettings,
  withOpacity,
} from "lib/show/plots/colours.ts";

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
    const share = parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

Deno.test("contrast() of the test itself is 21 for black on white", () => {
  assert.equal(contrast(OKABE_ITO.black, "#ffffff"), 21);
});

Deno.test("marks have a contrast of 3 to 1 with the light and the dark background", () => {
  for (const colour of [...Object.values(ROLE_COLOURS), ...SERIES_COLOURS]) {
    for (const theme of ["light", "dark"] as const) {
      const ratio = contrast(colour, THEME_COLOURS[theme].background);
      assert.ok(ratio >= 3, `${colour} on ${theme}: ${ratio.toFixed(2)}`);
    }
  }
});

Deno.test("text has a contrast of 4.5 to 1 with both backgrounds", () => {
  for (const theme of ["light", "dark"] as const) {
    const { background, ink, muted } = THEME_COLOURS[theme];
    for (const text of [ink, muted]) assert.ok(contrast(text, background) >= 4.5, `${text} on ${theme}`);
  }
});

Deno.test("withOpacity() writes CSS and refuses what is no colour", () => {
  assert.equal(withOpacity("#0072B2", 0.5), "rgba(0,114,178,0.5)");
  assert.throws(() => withOpacity("blue", 0.5), RangeError);
});

Deno.test("themeSettings() names every axis of the figure", () => {
  const settings = themeSettings({ title: { text: "" }, xaxis: {}, yaxis: {}, yaxis2: {} }, "dark");
  assert.equal(settings["yaxis2.gridcolor"], THEME_COLOURS.dark.grid);
  assert.equal(settings["paper_bgcolor"], THEME_COLOURS.dark.background);
});
