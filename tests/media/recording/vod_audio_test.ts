import assert from "node:assert/strict";
import { join } from "node:path";
import { readSamples } from "lib/media/audio/clip.ts";
import { openVod, type Vod } from "lib/media/hls/vod.ts";
import { openVodAudio, type VodAudioOptions } from "lib/media/recording/vod_audio.ts";
import type { Fault } from "tests/fakes/faults.ts";
import { connect } from "tests/fakes/twitch_connection.ts";
import { fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { type FakeMedia, makeFakeMedia } from "tests/fakes/vod_media.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });
// The media's own rate, at which segments begin on samples.
const sampleRate = 44_100;

async function samplesOf(vod: Vod, options: Partial<VodAudioOptions> = {}): Promise<Float32Array> {
  const blocks = await Array.fromAsync(openVodAudio(vod, { sampleRate, ...options }).blocks);
  return new Float32Array(await new Blob(blocks).arrayBuffer());
}

/** Samples of the same media in a file. */
async function samplesOfFile(media: FakeMedia): Promise<Float32Array> {
  const { segments } = media.renditions.find(({ id }) => id === "audio_only")!;
  const folder = await Deno.makeTempDir();
  const path = join(folder, "vod.ts");
  await Deno.writeFile(path, new Blob(segments.map(({ bytes }) => bytes)).stream());
  const samples = await readSamples(path, { sampleRate });
  await Deno.remove(folder, { recursive: true });
  return samples;
}

/**
 * How much later `part` has what `whole` has at `seconds`, in seconds. Playlists state durations in milliseconds, whose
 * rounding adds up.
 */
function lagAt(part: Float32Array, whole: Float32Array, seconds: { part: number; whole: number }): number {
  const length = 4000;
  const window = part.subarray(seconds.part * sampleRate).subarray(0, length);
  const energy = window.reduce((sum, value) => sum + value ** 2, 0);
  for (let lag = 0; lag <= 0.04 * sampleRate; lag++) {
    for (const signed of [lag, -lag]) {
      const from = Math.round(seconds.whole * sampleRate) - signed;
      const error = window.reduce((sum, value, i) => sum + (value - whole[from + i]!) ** 2, 0);
      if (error < 0.001 * energy) return signed / sampleRate;
    }
  }
  return Infinity;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const gone = (numbers: readonly number[]) => (_kind: string, path: string): Fault | undefined =>
  numbers.some((number) => path.endsWith(`/${number}.ts`)) ? { kind: "status", status: 404 } : undefined;

test("openVodAudio() gives the samples of the same media in a file, whole and in part", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  const vod = await openVod("1", connect(twitch));
  const whole = await samplesOfFile(media);
  assert.equal(largestDifference(await samplesOf(vod), whole), 0);
  twitch.requests.length = 0;
  const part = await samplesOf(vod, { start: 20.5, duration: 2 });
  assert.equal(part.length, 2 * sampleRate);
  for (const at of [0, 0.7, 1.7]) {
    const lag = lagAt(part, whole, { part: at, whole: 20.5 + at });
    assert(Math.abs(lag) < 0.003, `${lag} s at ${at} s`);
  }
  assert(twitch.requests.filter((request) => request.startsWith("segment")).length <= 3);
});

test("openVodAudio() puts silence in place of segments that are gone, so that times stay right", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  twitch.faults = gone([0, 6, 7]);
  const vod = await openVod("1", connect(twitch));
  const [warnings, holes]: [string[], number[]] = [[], []];
  const samples = await samplesOf(vod, {
    onWarning: (text) => warnings.push(text),
    onHole: ({ start, end }) => holes.push(Math.round(start), Math.round(end)),
  });
  const whole = await samplesOfFile(media);
  assert(Math.abs(samples.length - whole.length) < 0.05 * sampleRate);
  for (const [start, end] of [[0, 4], [24.1, 31.9]] as const) {
    const part = samples.subarray(start * sampleRate, end * sampleRate);
    assert(part.every((value) => value === 0), `silence from ${start} s on`);
  }
  for (const at of [4.3, 15.5, 23.5, 32.3, 45.5, 59.5]) {
    const lag = lagAt(samples, whole, { part: at, whole: at });
    assert(Math.abs(lag) < 0.003, `${lag} s at ${at} s`);
  }
  assert.deepEqual(holes, [0, 4, 24, 32]);
  assert.equal(warnings.length, 2);
  assert.match(warnings[1]!, /^VOD 1: 8\.0 s from 24\.\d s on cannot be had/);
});

test("openVodAudio() keeps to the playlist's times where time stamps jump", async () => {
  const media = await makeFakeMedia();
  const [, audio] = media.renditions;
  const { segments } = audio!;
  // Eight seconds later by the time stamps, and back again.
  const order = [0, 1, 4, 5, 2, 3];
  const renditions = [{ ...audio!, segments: order.map((number) => segments[number]!) }];
  await using twitch = startFakeTwitch({
    "1": fakeVod({ renditions }, { discontinuities: new Set([2, 4]) }),
  });
  const samples = await samplesOf(await openVod("1", connect(twitch)));
  const whole = await samplesOfFile(media);
  assert(Math.abs(samples.length / sampleRate - 24) < 0.1, `${samples.length / sampleRate} s`);
  for (const [part, inMedia] of [[5.5, 5.5], [9.5, 17.5], [14.5, 22.5], [17.5, 9.5], [22.5, 14.5]] as const) {
    const lag = lagAt(samples, whole, { part, whole: inMedia });
    assert(Math.abs(lag) < 0.03, `${lag} s at ${part} s`);
  }
});

test("openVodAudio() throws what Twitch says when nothing more can be had", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  const vod = await openVod("1", connect(twitch));
  twitch.faults = gone(media.renditions[1]!.segments.map((_, i) => i));
  await assert.rejects(samplesOf(vod), { name: "RequestError", problem: "missing" });

  // A VOD that is deleted while it is read.
  const second = await openVod("1", connect(twitch));
  twitch.faults = () => undefined;
  let chunks = 0;
  const onMedia = () => {
    if (++chunks === 2) {
      twitch.vods.get("1")!.state = "deleted";
      twitch.signature = "signed-2";
    }
    return Promise.resolve();
  };
  await assert.rejects(samplesOf(second, { onMedia }), { name: "RequestError", problem: "deleted" });
});

test("openVodAudio() stops fetching when it is left or interrupted", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  const vod = await openVod("1", connect(twitch));
  for await (const block of openVodAudio(vod, { sampleRate, start: 30 }).blocks) {
    assert(block.length > 0);
    break;
  }
  const stop = new AbortController();
  const reason = new DOMException("Interrupted", "AbortError");
  const onMedia = () => Promise.resolve(stop.abort(reason));
  await assert.rejects(samplesOf(vod, { signal: stop.signal, onMedia }), reason);
});
