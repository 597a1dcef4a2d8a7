import assert from "node:assert/strict";
import { clipGroup } from "lib/learning/dataset/clip_group.ts";

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

Deno.test("clipGroup() knows the recording of clips that this project cut, whatever commands cut them", () => {
  const names = [
    "base_00007.590_burp",
    "base_00118.070_not-burp",
    "base_00026.150",
    "base_0h12m34s500",
    "base-000026.15",
  ];
  for (const name of names) assert.equal(clipGroup(`found/base/clips/${name}.wav`), "base", name);
  assert.equal(clipGroup("my stream_12_00007.590_burp.mp4"), clipGroup("my stream_12.mp4"));
  assert.equal(clipGroup("1746376348_10h12m34s500.wav"), "1746376348");
  assert.equal(clipGroup("20190401_193000_00007.590_burp.wav"), "20190401_193000");
});

Deno.test("clipGroup() takes recordings of different dates and times for different ones", () => {
  const recorded = [
    ["20190401_193000", "20190401_194000", "20190402_193000", "20190401_1950"], // AudioMoth
    ["2019-04-01 19-30-00", "2019-04-01 19-30-10", "2019-04-01 19-31-00"], // OBS
    ["site1_20190401_193000", "site2_20190401_193000", "SM4_20190401_193005"],
    ["20190401T193000Z", "20190401T193001Z", "20190401193002", "2019-04-01T19:30:03"],
    ["2019-04-01", "2019-04-02", "2019-05-01"],
    ["stream 2019-04-01", "stream 2019-04-02"],
  ];
  for (const names of recorded) {
    assert.equal(new Set(names.map((name) => clipGroup(`${name}.WAV`))).size, names.length, names.join());
  }
  for (
    const piece of [
      "20190401_193000_3",
      "20190401_193000 (2)",
      "20190401_193000-0012",
      "20190401_193000_burp_7",
    ]
  ) {
    assert.equal(clipGroup(`${piece}.wav`), "20190401_193000", piece);
  }
  assert.equal(clipGroup("2019-04-01_3.wav"), clipGroup("2019-04-01.wav"));
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
