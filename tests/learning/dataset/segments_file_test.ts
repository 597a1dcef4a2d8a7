import assert from "node:assert/strict";
import { readSegments, writeSegments } from "lib/learning/dataset/segments_file.ts";

const options = { event: "ad" };

Deno.test("readSegments() alternates between the classes from what it is told a recording begins with", () => {
  const text = "[show1]\n13 19 1:02.5\n\n[show2]\n";
  const asEvent = readSegments(text, { ...options, beginsWith: "event" });
  assert.deepEqual(asEvent, [
    { recording: "show1", onset: 0, offset: 13, label: "ad" },
    { recording: "show1", onset: 13, offset: 19, label: "not-ad" },
    { recording: "show1", onset: 19, offset: 62.5, label: "ad" },
    { recording: "show1", onset: 62.5, label: "not-ad" },
    { recording: "show2", onset: 0, label: "ad" },
  ]);
  const asOther = readSegments(text, { ...options, beginsWith: "not-event" });
  assert.deepEqual(asOther.map(({ label }) => label), ["not-ad", "ad", "not-ad", "ad", "not-ad"]);
});

Deno.test("readSegments() does not guess what a recording begins with", () => {
  assert.throws(
    () => readSegments("[show]\n13 19\n", options),
    /line 1: nothing says whether show begins with ad/,
  );
  assert.deepEqual(readSegments("[show] not-ad\n13", options).map(({ label }) => label), ["not-ad", "ad"]);
  // What the file says goes before the option.
  assert.equal(readSegments("[show] ad\n13", { ...options, beginsWith: "not-event" })[0]?.label, "ad");
});

Deno.test("readSegments() names the line that is wrong", () => {
  const read = (text: string) => () => readSegments(text, { ...options, beginsWith: "event" });
  assert.throws(read("1 2 3"), /line 1: times come before/);
  assert.throws(read("[a]\n1 2\n1"), /line 3: 1 comes before/);
  assert.throws(read("[a]\n1 x"), /line 2: "x" is no time/);
  assert.throws(read("[a]\n-1"), /line 2: "-1" is no time/);
  assert.throws(read("[a] music\n1"), /line 1: "music" is neither/);
});

Deno.test("writeSegments() keeps the rule that class A comes first, and is read back as it was", () => {
  const events = [
    { recording: "a b", onset: 0, offset: 2 },
    { recording: "a b", onset: 5, offset: 6.25 },
    { recording: "c", onset: 12, offset: 15 },
    { recording: "c", onset: 10, offset: 12.5 },
  ];
  const text = writeSegments(events, "ad");
  assert.equal(text, "[a b] ad\n2 5 6.25\n\n[c] ad\n0 10 15\n");
  const heard = readSegments(text, options).filter(({ label }) => label === "ad");
  assert.deepEqual(heard.map(({ recording, onset, offset }) => [recording, onset, offset]), [
    ["a b", 0, 2],
    ["a b", 5, 6.25],
    ["c", 10, 15],
  ]);
});
