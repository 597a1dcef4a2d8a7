import assert from "node:assert/strict";
import { readWebVtt, writeWebVtt } from "lib/base/events/web_vtt.ts";

Deno.test("writeWebVtt() orders cues by time, escapes text and never writes an empty cue", () => {
  const text = writeWebVtt([
    { onset: 3723.4567, offset: 3723.4567, label: "a < b" },
    { onset: 0.5, offset: 1.25, label: "burp" },
  ]);
  assert.equal(
    text,
    "WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.250\nburp\n\n2\n01:02:03.457 --> 01:02:03.458\na &lt; b\n",
  );
});

Deno.test("readWebVtt() skips notes, markup and settings", () => {
  const text = "WEBVTT - burps\n\nNOTE made by hand\n\nfirst\n00:05.000 --> 00:06.500 align:start\n" +
    "<v Ann>burp &amp;\nlaugh</v>\n\n00:07.000 --> 00:08.000\n";
  assert.deepEqual(readWebVtt(text, { label: "burp" }), [
    { onset: 5, offset: 6.5, label: "burp & laugh" },
    { onset: 7, offset: 8, label: "burp" },
  ]);
});

Deno.test("readWebVtt() names the line of what is wrong", () => {
  assert.throws(() => readWebVtt("1\n00:05.000 --> 00:06.500\n"), /line 1: a WebVTT file begins/);
  assert.throws(() => readWebVtt("WEBVTT\n\n00:05 -> x\n00:05.000 --> soon\n"), /line 4: /);
});
