import assert from "node:assert/strict";
import { createSliceEventFinder, type SliceOptions, sliceStart } from "lib/learning/detect/slices.ts";

const OPTIONS = { label: "burp", sliceSeconds: 1, overlap: 4, threshold: 0.5 } as const;

/** Events as `[onset, offset]`, from slices marked positive with x; checks that parts of any size give the same. */
function find(marks: string, options: Partial<SliceOptions> = {}, end?: number): number[][] {
  const scores = Float32Array.from(marks, (mark) => mark === "x" ? 0.75 : 0.25);
  const search = (size: number) => {
    const finder = createSliceEventFinder({ ...OPTIONS, ...options });
    const events = [];
    for (let i = 0; i < scores.length; i += size) events.push(...finder.push(scores.slice(i, i + size)));
    return [...events, ...finder.flush(end)];
  };
  const events = search(scores.length || 1);
  assert.deepEqual(search(1), events);
  assert(events.every((event) => event.label === "burp" && event.score === 0.75));
  return events.map(({ onset, offset }) => [onset, offset]);
}

Deno.test("sliceStart() puts each point into as many slices as the overlap says", () => {
  const options = { ...OPTIONS, overlap: 3, sliceSeconds: 2 };
  const point = 7.1;
  const containing = Array.from({ length: 50 }, (_, i) => sliceStart(i, options))
    .filter((start) => start <= point && point < start + 2);
  assert.equal(containing.length, 3);
});

Deno.test("createSliceEventFinder() ignores a lone positive slice unless slices do not overlap", () => {
  assert.deepEqual(find("..x..."), []);
  assert.deepEqual(find("..x...", { required: 1 }), [[0.5, 1.5]]);
  assert.deepEqual(find("..x.x", { overlap: 1 }), [[2, 3], [4, 5]]);
});

Deno.test("createSliceEventFinder() locates an event where all its slices intersect", () => {
  assert.deepEqual(find("..xx.."), [[0.75, 1.5]]);
  assert.deepEqual(find("..xxx."), [[1, 1.5]]);
  assert.deepEqual(find("..xxxx"), [[1.25, 1.5]]);
});

Deno.test("createSliceEventFinder() takes the points of which every slice is positive from a long run", () => {
  // Slices that begin from 1.25 to 2.75 are those that touch an event from 2 to 3.
  assert.deepEqual(find(".....xxxxxxx...."), [[2, 3]]);
});

Deno.test("createSliceEventFinder() takes all points of the run when asked for the union", () => {
  assert.deepEqual(find("..xx..", { locate: "union" }), [[0.5, 1.75]]);
});

Deno.test("createSliceEventFinder() finds no part of a recording twice", () => {
  assert.deepEqual(find("xx..xx....", { locate: "union" }), [[0, 2.25]]);
  assert.deepEqual(find("xx.....xx", { locate: "union" }), [[0, 1.25], [1.75, 3]]);
});

Deno.test("createSliceEventFinder() ends with the recording", () => {
  assert.deepEqual(find("..xx", {}, 1.1), [[0.75, 1.1]]);
  assert.deepEqual(find("..xx", {}, 0.7), []);
});

Deno.test("createSliceEventFinder() refuses options that make no sense", () => {
  for (const options of [{ overlap: 1.5 }, { overlap: 0 }, { required: 5 }, { sliceSeconds: 0 }]) {
    assert.throws(() => find("", options), RangeError);
  }
});
