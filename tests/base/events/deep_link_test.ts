import assert from "node:assert/strict";
import { formatClock, formatClockMs, parseClock } from "lib/base/events/clock_time.ts";
import { deepLink, formatLinkTime } from "lib/base/events/deep_link.ts";

Deno.test("formatLinkTime() cuts fractions and leaves leading zero units out", () => {
  assert.equal(formatLinkTime(3723.99), "1h2m3s");
  assert.equal(formatLinkTime(36_000), "10h0m0s");
  assert.equal(formatLinkTime(62), "1m2s");
  assert.equal(formatLinkTime(0.4), "0s");
  assert.equal(formatLinkTime(-3), "0s");
});

Deno.test("deepLink() links Twitch VODs by id and by address, keeping what else the address says", () => {
  assert.equal(deepLink("1234567890", 3723), "https://www.twitch.tv/videos/1234567890?t=1h2m3s");
  assert.equal(
    deepLink("https://www.twitch.tv/videos/1234567890?filter=all&t=5s", 62),
    "https://www.twitch.tv/videos/1234567890?filter=all&t=1m2s",
  );
});

Deno.test("deepLink() links other addresses, and no file", () => {
  assert.equal(deepLink("https://youtu.be/abc", 62.7), "https://youtu.be/abc?t=62s");
  assert.equal(deepLink("https://example.org/a.mp4", 62.7), "https://example.org/a.mp4#t=62");
  assert.equal(deepLink("data/vods/1234567890.mp4", 62), undefined);
  assert.equal(deepLink("https://not a url", 62), undefined);
});

Deno.test("formatClock(), formatClockMs() and parseClock() agree", () => {
  assert.equal(formatClock(7.9), "0:07");
  assert.equal(formatClock(3723), "1:02:03");
  assert.equal(formatClockMs(59.9996), "00:01:00.000");
  assert.equal(formatClockMs(360_000.25), "100:00:00.250");
  for (const ms of [0, 7456, 3_723_456, 360_000_250]) {
    assert.equal(parseClock(formatClockMs(ms / 1000)), ms / 1000);
  }
  assert.equal(parseClock("1:02:03"), 3723);
  assert.equal(parseClock("03"), undefined);
  assert.equal(parseClock("1:2"), undefined);
});
