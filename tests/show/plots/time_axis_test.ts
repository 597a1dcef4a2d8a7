import assert from "node:assert/strict";
import { formatTime, recordingTimeAxis, toTimeAxis } from "lib/show/plots/time_axis.ts";

Deno.test("formatTime() carries rounding into minutes and hours", () => {
  assert.equal(formatTime(0), "0:00:00.0");
  assert.equal(formatTime(59.96), "0:01:00.0");
  assert.equal(formatTime(3599.99), "1:00:00.0");
  assert.equal(formatTime(3723.456, 2), "1:02:03.46");
  assert.equal(formatTime(90_000, 0), "25:00:00");
  assert.equal(formatTime(-0.4), "-0:00:00.4");
  assert.equal(formatTime(-0.01), "0:00:00.0");
});

Deno.test("toTimeAxis() gives numbers that plotly.js cannot take for years, to a tenth of a millisecond", () => {
  assert.ok(Math.abs(toTimeAxis(1.23456) - toTimeAxis(0) - 1234.6) < 1e-4);
  for (const seconds of [0, 0.04, 1.234, 9.999]) {
    assert.ok(String(Math.trunc(toTimeAxis(seconds))).length > 6);
  }
});

Deno.test("recordingTimeAxis() names the day only past the first", () => {
  const formats = (end: number) =>
    recordingTimeAxis([0, end]).tickformatstops!.map((stop) => stop.value).join();
  assert.doesNotMatch(formats(80_000), /day/);
  assert.match(formats(100_000), /day/);
});
