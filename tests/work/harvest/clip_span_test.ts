import assert from "node:assert/strict";
import { clipGroup } from "lib/learning/dataset/clip_group.ts";
import { clipName, clipSpan } from "lib/work/harvest/clip_span.ts";

Deno.test("clipSpan() holds the sound with room around, within bounds", () => {
  assert.deepEqual(clipSpan({ onset: 10, offset: 10.4 }), { start: 9.2, end: 11.2 });
  const { start, end } = clipSpan({ onset: 10, offset: 12 });
  assert.deepEqual([start, Math.round(end * 1000)], [9.2, 12_500]);
  assert.equal(clipSpan({ onset: 10, offset: 30 }).end, 14.2);
  assert.equal(clipSpan({ onset: 0.2, offset: 0.5 }).start, 0);
});

Deno.test("clipName() sorts by time within a recording, whose id groups the clips", () => {
  assert.equal(clipName("1746376348", 754.5), "1746376348_0h12m34s500.wav");
  assert.equal(clipName("1746376348", 36_000.0004), "1746376348_10h00m00s000.wav");
  assert.equal(clipName("1746376348", 59.9996), "1746376348_0h01m00s000.wav");
  assert.equal(clipGroup(clipName("1746376348", 754.5)), "1746376348");
});
