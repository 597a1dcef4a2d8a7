import assert from "node:assert/strict";
import { readEditDecisionList, writeEditDecisionList } from "lib/base/events/edit_decision_list.ts";
import { formatTimecode, parseTimecode, toFrameRate } from "lib/base/events/timecode.ts";

Deno.test("writeEditDecisionList() cuts whole frames around the event and lays cuts end to end", () => {
  const text = writeEditDecisionList([
    { onset: 12.41, offset: 13.01, label: "burp", score: 0.9, recording: "a.mp4" },
    { onset: 3600, offset: 3600.5, label: "burp" },
  ], { frameRate: 25, title: "Burps" });
  assert.equal(
    text,
    "TITLE: Burps\nFCM: NON-DROP FRAME\n\n" +
      "001  AX       AA/V  C        00:00:12:10 00:00:13:01 00:00:00:00 00:00:00:16\n" +
      "* FROM CLIP NAME: a.mp4\n* COMMENT: burp\n* SCORE: 0.9\n\n" +
      "002  AX       AA/V  C        01:00:00:00 01:00:00:13 00:00:00:16 00:00:01:04\n* COMMENT: burp\n",
  );
});

Deno.test("readEditDecisionList() gives back whole frames exactly at every usual rate", () => {
  for (const frameRate of [23.976, 24, 25, 29.97, 30, 50, 59.94, 60]) {
    const { exact } = toFrameRate(frameRate);
    const events = [1, 1000, 123_457].map((frame) => ({
      onset: frame / exact,
      offset: (frame + 7) / exact,
      label: "burp",
    }));
    assert.deepEqual(
      readEditDecisionList(writeEditDecisionList(events, { frameRate }), { frameRate }),
      events,
    );
  }
});

Deno.test("readEditDecisionList() reads dissolves and lists by other programs", () => {
  const text = "TITLE: x\nFCM: DROP FRAME\n\n" +
    "001  TAPE1    V     C        00:01:00;02 00:01:01;02 01:00:00;00 01:00:01;00\n" +
    "002  TAPE1    V     D    030 00:10:00;00 00:10:01;00 01:00:01;00 01:00:02;00\n* EFFECT NAME: CROSS DISSOLVE\n";
  const events = readEditDecisionList(text, { frameRate: 29.97, label: "burp" });
  // 00:01:00;02 is frame 1800, 00:10:00;00 frame 17982: drop-frame timecode keeps pace with the clock.
  assert.deepEqual(events.map((event) => Math.round(event.onset * 30_000 / 1001)), [1800, 17_982]);
  assert.ok(Math.abs(events[1]!.onset - 600) < 0.001);
});

Deno.test("readEditDecisionList() and toFrameRate() name what is wrong", () => {
  assert.throws(() => readEditDecisionList("001  AX  V  C  00:00:12:10 x 00:00:00:00\n"), /line 1: no cut/);
  assert.throws(() => toFrameRate(0), RangeError);
  assert.throws(() => toFrameRate(27.3), RangeError);
  assert.throws(() => toFrameRate(NaN), RangeError);
});

Deno.test("parseTimecode() undoes formatTimecode(), and refuses frames beyond the rate", () => {
  const rate = toFrameRate(59.94);
  for (const frame of [0, 59, 60, 215_999, 216_000, 8_640_000]) {
    assert.equal(parseTimecode(formatTimecode(frame, rate), rate), frame);
  }
  assert.equal(parseTimecode("00:00:00:60", rate), undefined);
  assert.equal(parseTimecode("00:60:00:00", rate), undefined);
});
