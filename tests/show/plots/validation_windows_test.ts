import assert from "node:assert/strict";
import { plotValidationWindows } from "lib/show/plots/validation_windows.ts";

Deno.test("plotValidationWindows() marks frequencies in each spectrogram, as far as it reaches", () => {
  const window = {
    logMel: { data: new Float32Array(8 * 4), shape: [8, 4] },
    scores: new Float32Array(4),
    targets: new Float32Array(4),
  } as const;
  const texts = (fMax: number) =>
    plotValidationWindows({
      label: "burp",
      seconds: 1,
      threshold: 0.5,
      windows: [window, window],
      features: { fMin: 40, fMax },
    }).layout.annotations!.filter(({ yref }) => !yref!.includes("domain")).map(({ text, yref }) =>
      `${yref} ${text}`
    );
  assert.deepEqual(texts(8000), ["y 250 Hz", "y 1 kHz", "y 4 kHz", "y2 250 Hz", "y2 1 kHz", "y2 4 kHz"]);
  assert.deepEqual(texts(3000), ["y 250 Hz", "y 1 kHz", "y2 250 Hz", "y2 1 kHz"]);
});
