import assert from "node:assert/strict";
import {
  axisTicks,
  clampRange,
  formatTime,
  panRange,
  parseTime,
  rangeAround,
  timeToX,
  xToTime,
  zoomRange,
} from "lib/web/browser/view_range.ts";

const HOURS = 36_000;

Deno.test("zoomRange() keeps the point under the pointer, from ten hours down to 50 ms and back", () => {
  const pointer = 12_345.678;
  let view = { start: 0, end: HOURS };
  const x = timeToX(pointer, view, 1000);
  for (let i = 0; i < 60; i++) {
    view = zoomRange(view, pointer, 1 / 1.5, HOURS);
    assert.ok(Math.abs(timeToX(pointer, view, 1000) - x) < 1e-3, `after ${i + 1} steps`);
  }
  assert.ok(Math.abs(view.end - view.start - 0.05) < 1e-9);
  for (let i = 0; i < 60; i++) view = zoomRange(view, pointer, 1.5, HOURS);
  assert.deepEqual(view, { start: 0, end: HOURS });
});

Deno.test("views never leave the recording, and keep their length at its ends", () => {
  assert.deepEqual(clampRange({ start: -5, end: 5 }, 100), { start: 0, end: 10 });
  assert.deepEqual(clampRange({ start: 95, end: 105 }, 100), { start: 90, end: 100 });
  assert.deepEqual(clampRange({ start: -5, end: 500 }, 100), { start: 0, end: 100 });
  assert.deepEqual(panRange({ start: 85, end: 95 }, 0.9, 100), { start: 90, end: 100 });
  assert.deepEqual(rangeAround(50, 30, 100), { start: 40, end: 70 });
  // A recording that is shorter than the shortest view is shown as a whole.
  assert.deepEqual(clampRange({ start: 0, end: 1 }, 0.02), { start: 0, end: 0.02 });
});

Deno.test("timeToX() and xToTime() undo each other", () => {
  const view = { start: 35_999.9, end: 35_999.95 };
  for (const x of [0, 0.5, 640, 1280]) {
    assert.ok(Math.abs(timeToX(xToTime(x, view, 1280), view, 1280) - x) < 1e-6);
  }
});

Deno.test("axisTicks() gives round times with as many digits as they need, and no more ticks than wanted", () => {
  assert.deepEqual(axisTicks({ start: 0, end: 10 }, 5).map(({ text }) => text), [
    "0:00",
    "0:02",
    "0:04",
    "0:06",
    "0:08",
    "0:10",
  ]);
  assert.deepEqual(axisTicks({ start: 3661.01, end: 3661.06 }, 6).map(({ text }) => text).slice(0, 2), [
    "1:01:01.01",
    "1:01:01.02",
  ]);
  for (const length of [0.05, 0.3, 4, 33, 500, 7_000, HOURS]) {
    const count = axisTicks({ start: 17.3, end: 17.3 + length }, 12).length;
    assert.ok(count >= 3 && count <= 13, `${count} ticks for ${length} s`);
  }
});

Deno.test("formatTime() and parseTime() know clock times and seconds", () => {
  assert.equal(formatTime(3723.456, 2), "1:02:03.46");
  assert.equal(formatTime(59.999, 2), "1:00.00");
  assert.equal(formatTime(7), "0:07");
  assert.equal(parseTime("1:02:03.5"), 3723.5);
  assert.equal(parseTime("2:03"), 123);
  assert.equal(parseTime(" 90,25 "), 90.25);
  assert.equal(parseTime("later"), undefined);
  assert.equal(parseTime("1:2:3:4"), undefined);
});
