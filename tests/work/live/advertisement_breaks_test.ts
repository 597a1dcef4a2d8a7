import assert from "node:assert/strict";
import { isTwitchAdvertisement } from "lib/media/platforms/twitch/advertisements.ts";
import type { AdBreak } from "tests/fakes/live_server.ts";
import { frequencyOfBands, type Tone, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { TONE_RATE } from "tests/work/live/live_media.ts";
import { type ListeningOptions, whileListening } from "tests/work/live/listening.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

const EVERY = 60;
const BREAK_SECONDS = 16;

/** Breaks in the stream, each with tones inside, and a tone two seconds after each. */
async function listenThroughBreaks(
  count: number,
  options: Partial<ListeningOptions> = {},
): Promise<{ during: number; after: number; notices: number; seconds: number }> {
  const media = await tonesAt(EVERY, []);
  const signs: readonly AdBreak["sign"][] = ["class", "title", "both"];
  const round = media.reduce((sum, { duration }) => sum + duration, 0);
  // Segments are 2 s long: the break covers whole ones, and the tone comes 2 s after its last one.
  const starts = media.map((_, i) => media.slice(0, i).reduce((sum, { duration }) => sum + duration, 0));
  const first = starts[10]!;
  const end = starts[10 + BREAK_SECONDS / 2]!;
  const planted = await tonesAt(EVERY, [{
    onset: end + 2,
    offset: end + 2.5,
    frequency: frequencyOfBands(0),
  }]);
  const ads = await tonesAt(
    12,
    [1, 4, 7, 10].map((onset) => ({ onset, offset: onset + 0.5, frequency: frequencyOfBands(0) })),
  );
  const breaks = Array.from({ length: count }, (_, i): AdBreak => ({
    start: i * round + first,
    end: i * round + end,
    sign: signs[i % signs.length]!,
  }));
  let result = { during: 0, after: 0, notices: 0, seconds: 0 };
  await whileListening(
    { broadcast: { media: planted, ads, breaks, prefetch: true }, ...options },
    async ({ clock, heard, items, stream, until }) => {
      const beganMs = clock.now() - clock.monotonicMs() - 10_000;
      await until(count * round * 1000);
      const times = heard.map(({ wallClockMs }) => (wallClockMs! - beganMs) / 1000);
      result = {
        during: times.filter((time) => breaks.some(({ start, end }) => time >= start - 0.3 && time < end + 1))
          .length,
        after: breaks.filter(({ end }) => times.some((time) => Math.abs(time - end - 2) < 0.25)).length,
        notices: items.filter((item) => item.kind === "notice" && item.what === "advertisement-end").length,
        seconds: stream.health().advertisementSeconds,
      };
    },
  );
  return result;
}

Deno.test({
  name: "openLiveSound() keeps advertisements from the detector, and what follows two seconds later is found",
  ignore,
  async fn() {
    const count = scaled({ usual: 6, long: 20 });
    const { during, after, notices, seconds } = await listenThroughBreaks(count);
    tellFigure(
      `${count} advertisement breaks: ${during} events inside told, ${after} of ${count} after them found`,
    );
    assert.equal(during, 0);
    assert.equal(after, count);
    assert.equal(notices, count);
    assert(Math.abs(seconds - count * BREAK_SECONDS) < 0.2 * count, `${seconds} s of advertisements`);
  },
});

Deno.test({
  name: "the check of advertisement breaks catches a listener without a filter",
  ignore,
  async fn() {
    const { during } = await listenThroughBreaks(3, { isAdvertisement: () => false });
    assert(during > 0, "tones in advertisements must be heard where nothing keeps them out");
  },
});

Deno.test("isTwitchAdvertisement() knows one by its title or by its date range", () => {
  const startDate = new Date("2026-01-02T03:04:05Z");
  const dateRanges = [{ id: "stitched-ad-1", class: "twitch-stitched-ad", startDate, duration: 30 }];
  const at = (seconds: number, title = "live") => ({
    title,
    duration: 2,
    wallClockMs: startDate.getTime() + seconds * 1000,
  });
  assert(isTwitchAdvertisement(at(-60, "Amazon|1234567"), { dateRanges: [] }));
  assert(isTwitchAdvertisement(at(0), { dateRanges }));
  assert(isTwitchAdvertisement(at(28), { dateRanges }));
  assert(!isTwitchAdvertisement(at(30), { dateRanges }));
  assert(!isTwitchAdvertisement(at(-2), { dateRanges }));
  assert(!isTwitchAdvertisement(at(0), { dateRanges: [{ ...dateRanges[0]!, id: "a", class: "timestamp" }] }));
});

async function tonesAt(seconds: number, tones: readonly Tone[]) {
  const samples = toneRecording(seconds, tones, TONE_RATE);
  const { renditions } = await makeMediaOf(samples, { sampleRate: TONE_RATE, segmentSeconds: 2 });
  return renditions[0]!.segments.filter(({ duration }) => duration > 0.5);
}
