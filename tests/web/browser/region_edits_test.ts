import assert from "node:assert/strict";
import {
  boundariesOf,
  markDone,
  moveBoundary,
  nextBoundary,
  regionAt,
} from "lib/web/browser/region_edits.ts";
import { snapTimes, snapTo } from "lib/web/browser/snapping.ts";
import type { Region } from "lib/web/pages/api_recordings.ts";

function region(id: string, onset: number, offset: number): Region {
  return { id, onset, offset, label: "burp", source: { kind: "person" } };
}

Deno.test("where two segments meet there is one boundary, which moves both", () => {
  const regions = [region("one", 0, 10), region("two", 10, 20), region("far", 30, 31)];
  const boundaries = boundariesOf(regions);
  assert.deepEqual(boundaries.map(({ time }) => time), [0, 10, 20, 30, 31]);
  assert.deepEqual(boundaries[1], { time: 10, ends: "one", begins: "two" });
  const moved = moveBoundary(regions, boundaries[1]!, 12.5, 100);
  assert.deepEqual(moved.changed, [region("one", 0, 12.5), region("two", 12.5, 20)]);
  assert.equal(moved.boundary.time, 12.5);
});

Deno.test("moveBoundary() leaves room for both segments, and stays in the recording", () => {
  const regions = [region("one", 0, 10), region("two", 10, 20)];
  const [first, shared, last] = boundariesOf(regions);
  assert.equal(moveBoundary(regions, shared!, -5, 100).boundary.time, 0.02);
  assert.equal(moveBoundary(regions, shared!, 25, 100).boundary.time, 19.98);
  assert.equal(moveBoundary(regions, first!, -5, 100).boundary.time, 0);
  assert.deepEqual(moveBoundary(regions, last!, 500, 100).changed, [region("two", 10, 100)]);
});

Deno.test("nextBoundary() goes through all boundaries in both directions", () => {
  const boundaries = boundariesOf([region("one", 1, 2), region("two", 2, 3)]);
  const forwards: number[] = [];
  for (let at = nextBoundary(boundaries, 0, 1); at; at = nextBoundary(boundaries, at.time, 1)) {
    forwards.push(at.time);
  }
  assert.deepEqual(forwards, [1, 2, 3]);
  assert.equal(nextBoundary(boundaries, 3, -1)?.time, 2);
  assert.equal(nextBoundary(boundaries, 1, -1), undefined);
});

Deno.test("regionAt() means the shorter one where two overlap", () => {
  const regions = [region("long", 0, 100), region("short", 40, 41)];
  assert.equal(regionAt(regions, 40.5)?.id, "short");
  assert.equal(regionAt(regions, 50)?.id, "long");
  assert.equal(regionAt(regions, 101), undefined);
});

Deno.test("snapTo() takes the nearest onset, or end or middle of silence, within reach", () => {
  const times = snapTimes({ onsets: [5], offsets: [6.2], quiet: [{ start: 8, end: 10 }] });
  assert.deepEqual(times, [5, 6.2, 8, 9, 10]);
  assert.equal(snapTo(5.08, times, 0.1), 5);
  assert.equal(snapTo(5.2, times, 0.1), 5.2);
  assert.equal(snapTo(8.96, times, 0.1), 9);
  assert.equal(snapTo(3, [], 1), 3);
});

Deno.test("markDone() tells which candidates a person has decided on, whatever was known before", () => {
  const candidate = (onset: number, done: boolean) => ({
    onset,
    offset: onset + 1,
    label: "burp",
    why: "",
    done,
  });
  const regions: Region[] = [region("mine", 0, 5), { ...region("model", 10, 20), source: { kind: "model" } }];
  const candidates = [candidate(4.5, false), candidate(5, true), candidate(12, true)];
  assert.deepEqual(markDone(candidates, regions).map(({ done }) => done), [true, false, false]);
});
