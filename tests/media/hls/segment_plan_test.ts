import assert from "node:assert/strict";
import { mergeSpans } from "lib/base/events/time_span.ts";
import { parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import { mutedSpans, planSegments } from "lib/media/hls/segment_plan.ts";

const PLAYLIST = parseMediaPlaylist(
  `#EXTM3U\n${
    [0, 1, 2, 3, 4].map((i) => `#EXTINF:10,\n${i}${i === 2 || i === 3 ? "-muted" : ""}.ts`).join("\n")
  }\n#EXT-X-ENDLIST\n`,
  "https://cdn.example/x/",
);
const numbers = (start: number, end: number) =>
  planSegments(PLAYLIST, { start, end })?.segments.map((segment) => segment.sequence);

Deno.test("planSegments() takes the segments that a window touches, and no others", () => {
  assert.deepEqual(numbers(12, 18), [1]);
  assert.deepEqual(numbers(10, 20), [1]);
  assert.deepEqual(numbers(9.9, 20.1), [0, 1, 2]);
  assert.deepEqual(numbers(-5, 3), [0]);
  assert.deepEqual(numbers(45, 99), [4]);
  assert.equal(numbers(50, 60), undefined);
  assert.equal(numbers(-9, -1), undefined);
  assert.equal(numbers(5, 5), undefined);
  assert.deepEqual(planSegments(PLAYLIST, { start: -5, end: 99 })!.window, { start: 0, end: 50 });
});

Deno.test("planSegments() and mutedSpans() know what Twitch has silenced", () => {
  assert.deepEqual(planSegments(PLAYLIST, { start: 15, end: 35 })!.muted, [{ start: 20, end: 35 }]);
  assert.deepEqual(planSegments(PLAYLIST, { start: 1, end: 5 })!.muted, []);
  assert.deepEqual(mutedSpans(PLAYLIST), [{ start: 20, end: 40 }]);
});

Deno.test("mergeSpans() joins what overlaps or touches", () => {
  const windows = [{ start: 5, end: 8 }, { start: 1, end: 2 }, { start: 2, end: 3 }, { start: 6, end: 7 }, {
    start: 9,
    end: 9,
  }];
  assert.deepEqual(mergeSpans(windows), [{ start: 1, end: 3 }, { start: 5, end: 8 }]);
});
