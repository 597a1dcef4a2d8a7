import assert from "node:assert/strict";
import {
  DEFAULT_FEATURES,
  featureFingerprint,
  isFftSize,
  parseFeatureConfig,
} from "lib/learning/features/feature_config.ts";

Deno.test("parseFeatureConfig() takes the defaults, and a window of its own", () => {
  assert.deepEqual(parseFeatureConfig({ ...DEFAULT_FEATURES }), DEFAULT_FEATURES);
  assert.equal(parseFeatureConfig({ ...DEFAULT_FEATURES, winLength: 400 }).winLength, 400);
});

Deno.test("parseFeatureConfig() rejects unknown and missing keys by name", () => {
  assert.throws(() => parseFeatureConfig({ ...DEFAULT_FEATURES, topDb: 80 }), /topDb/);
  const { nMels: _, ...rest } = DEFAULT_FEATURES;
  assert.throws(() => parseFeatureConfig(rest), { name: "RangeError", message: /nMels/ });
  assert.throws(() => parseFeatureConfig(null), RangeError);
});

Deno.test("parseFeatureConfig() rejects values out of range by name", () => {
  const wrong = {
    kind: "mfcc",
    sampleRate: 0,
    nFft: 1000,
    winLength: 1025,
    hopLength: 1025,
    nMels: 0,
    fMin: -1,
    fMax: 8001,
    logFloor: 0,
    logOffset: NaN,
    logScale: 0,
  };
  for (const [key, value] of Object.entries(wrong)) {
    assert.throws(() => parseFeatureConfig({ ...DEFAULT_FEATURES, [key]: value }), new RegExp(key), key);
  }
  assert.throws(() => parseFeatureConfig({ ...DEFAULT_FEATURES, fMin: 8000 }), /fMax must be above fMin/);
});

Deno.test("isFftSize() takes multiples of 32 made of 2, 3 and 5", () => {
  assert.deepEqual([32, 96, 480, 960, 1024, 65_536].filter(isFftSize), [32, 96, 480, 960, 1024, 65_536]);
  assert.deepEqual([0, 16, 33, 400, 224, 65_568, 131_072, 64.5, NaN].filter(isFftSize), []);
});

Deno.test("featureFingerprint() depends on every value, not on the order of keys or defaults written out", () => {
  const fingerprint = featureFingerprint(DEFAULT_FEATURES);
  assert.match(fingerprint, /^[0-9a-f]{64}$/);
  const reversed = Object.fromEntries(Object.entries(DEFAULT_FEATURES).toReversed());
  assert.equal(featureFingerprint(parseFeatureConfig(reversed)), fingerprint);
  assert.equal(featureFingerprint({ ...DEFAULT_FEATURES, winLength: 1024 }), fingerprint);
  const others = [
    { sampleRate: 22_050 },
    { nFft: 2048 },
    { winLength: 1000 },
    { hopLength: 160 },
    { nMels: 40 },
    { fMin: 0 },
    { fMax: 7000 },
    { logFloor: 1e-8 },
    { logOffset: 0 },
    { logScale: 1 },
  ].map((change) => featureFingerprint({ ...DEFAULT_FEATURES, ...change }));
  assert.equal(new Set([fingerprint, ...others]).size, 11);
});

Deno.test("featureFingerprint() of the defaults stays what stored models have", () => {
  assert.equal(
    featureFingerprint(DEFAULT_FEATURES),
    "dcaf7b60820d009b6351ede45353543ccdf5d50f528127a766028965b066b883",
  );
});
