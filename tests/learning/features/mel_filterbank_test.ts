import assert from "node:assert/strict";
import { createMelFilterbank, denseMelFilterbank } from "lib/learning/features/mel_filterbank.ts";
import { hzToMel, melFrequencies, melToHz } from "lib/learning/features/mel_scale.ts";
import { assertClose, readReference } from "tests/learning/features/reference.ts";

const BANDS = { sampleRate: 16_000, nFft: 256, nMels: 20, fMin: 20, fMax: 8000 };

Deno.test("denseMelFilterbank() equals librosa's filters", () => {
  const slaney = denseMelFilterbank(createMelFilterbank(BANDS));
  assertClose({ data: slaney, shape: [20, 129] }, readReference("filters_slaney"), 1e-7);
  const htk = createMelFilterbank({ ...BANDS, fMin: 0, fMax: 7000 }, { scale: "htk", norm: "none" });
  assertClose({ data: denseMelFilterbank(htk), shape: [20, 129] }, readReference("filters_htk"), 1e-6);
});

Deno.test("hzToMel() equals librosa on both parts of Slaney's scale", () => {
  const data = Float32Array.from([0, 440, 999, 1000, 1001, 8000], (hz) => hzToMel(hz));
  assertClose({ data, shape: [6] }, readReference("mel_scale_slaney"), 1e-5);
});

Deno.test("hzToMel() puts 1,000 Hz at 1,000 mel on the HTK scale", () => {
  assert.ok(Math.abs(hzToMel(1000, "htk") - 1000) < 0.02);
});

Deno.test("melToHz() is the inverse of hzToMel()", () => {
  for (const scale of ["slaney", "htk"] as const) {
    for (const hz of [0, 20, 999.9, 1000, 4321, 20_000]) {
      assert.ok(Math.abs(melToHz(hzToMel(hz, scale), scale) - hz) < 1e-8 * (1 + hz));
    }
  }
});

Deno.test("melFrequencies() starts and ends at its limits and rises", () => {
  const frequencies = melFrequencies(10, 20, 8000);
  assert.equal(frequencies.length, 10);
  assert.ok(Math.abs(frequencies[0]! - 20) < 1e-9 && Math.abs(frequencies[9]! - 8000) < 1e-8);
  assert.ok(frequencies.every((hz, i) => i === 0 || hz > frequencies[i - 1]!));
});

Deno.test("createMelFilterbank() leaves a band between two bins empty", () => {
  const filterbank = createMelFilterbank({ ...BANDS, nFft: 32, nMels: 40 });
  const empty = [...filterbank.starts.keys()].filter((m) =>
    filterbank.offsets[m] === filterbank.offsets[m + 1]
  );
  assert.ok(empty.length > 0);
});
