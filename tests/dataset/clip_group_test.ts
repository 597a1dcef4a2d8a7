import assert from "node:assert/strict";
import { clipGroup } from "lib/dataset/clip_group.ts";

Deno.test("clipGroup() takes a leading VOD id", () => {
  assert.equal(clipGroup("1746376348_0012.wav"), "1746376348");
  assert.equal(clipGroup("v1746376348-3.wav"), "1746376348");
});

Deno.test("clipGroup() puts copies and numbered pieces of one stem together", () => {
  for (
    const name of [
      "cough.wav",
      "cough (2).wav",
      "cough_dummy.wav",
      "cough - copy.wav",
      "cough_dummy3.wav",
      "cough.07.wav",
    ]
  ) {
    assert.equal(clipGroup(name), "cough", name);
  }
  assert.notEqual(clipGroup("cough.wav"), clipGroup("sneeze.wav"));
});

Deno.test("clipGroup() follows a pattern, by its first group that matched", () => {
  const pattern = /_([0-9a-f]{8})_nohash|^(.*)\.\d+$/;
  assert.equal(clipGroup("f1_words_0b7ee1a0_nohash_3.wav", { pattern }), "0b7ee1a0");
  assert.equal(clipGroup("f1_dog_1-2-A.0.wav", { pattern }), "f1_dog_1-2-A");
  assert.equal(clipGroup("plain.wav", { pattern }), "plain", "falls back where the pattern does not match");
});

Deno.test("clipGroup() never gives an empty name", () => {
  assert.equal(clipGroup("12.wav"), "12");
  assert.equal(clipGroup("folder/_3.wav"), "_3");
});
