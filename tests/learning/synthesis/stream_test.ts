import assert from "node:assert/strict";
import { activeRange, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { planEvents, type StreamOptions, synthesizeStream } from "lib/learning/synthesis/stream.ts";

const SAMPLE_RATE = 16000;

async function collect(options: StreamOptions): Promise<Float32Array> {
  const { blocks, duration, sampleRate } = synthesizeStream(options);
  const samples = new Float32Array(duration * sampleRate);
  let at = 0;
  for await (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  assert.equal(at, samples.length);
  return samples;
}

Deno.test("synthesizeStream() puts each event at its time and level over the same bed", async () => {
  const events = [{ onset: 3.2, snrDecibels: 6 }, { onset: 9.7, snrDecibels: 0 }];
  const quiet = { durationSeconds: 14.5, seed: 5, musicDecibels: -40, soundsPerMinute: 10 };
  const bed = await collect({ ...quiet, events: [] });
  const mixed = await collect({ ...quiet, events });
  const { truth } = synthesizeStream({ ...quiet, events });
  assert.equal(truth.length, 2);
  const difference = mixed.map((value, n) => value - bed[n]!);
  for (const [i, { onset, offset, label }] of truth.entries()) {
    assert.equal(label, "burp");
    assert.ok(Math.abs(onset - events[i]!.onset) < 1e-3);
    const [from, to] = [Math.round(onset * SAMPLE_RATE), Math.round(offset * SAMPLE_RATE)];
    const event = rootMeanSquare(difference.subarray(from, to)),
      under = rootMeanSquare(bed.subarray(from, to));
    const snr = 20 * Math.log10(event / under);
    assert.ok(Math.abs(snr - events[i]!.snrDecibels) < 0.5, `${snr} dB`);
    difference.fill(0, from, to);
  }
  assert.ok(rootMeanSquare(difference) < 1e-6, "the bed is the same everywhere else");
});

Deno.test("synthesizeStream() repeats itself, also when iterated again", async () => {
  const options = { durationSeconds: 4, seed: "again", events: [{ onset: 1, snrDecibels: 10 }] };
  const stream = synthesizeStream(options);
  const first = [], second = [];
  for await (const block of stream.blocks) first.push(block);
  for await (const block of stream.blocks) second.push(block);
  assert.deepEqual(first, second);
  assert.notDeepEqual(await collect(options), await collect({ ...options, seed: "other" }));
});

Deno.test("synthesizeStream() takes any sound for its events and cuts the one at the end", () => {
  const { truth } = synthesizeStream({
    durationSeconds: 5,
    seed: 1,
    label: "beep",
    events: [{ onset: 4.8, snrDecibels: 10 }, { onset: 1, snrDecibels: 10 }],
    synthesizeEvent: (_, { sampleRate }) =>
      Float32Array.from({ length: sampleRate }, (_, n) => n < sampleRate / 2 ? Math.sin(n) : 0),
  });
  assert.deepEqual(truth, [{ onset: 1, offset: 1.5, label: "beep" }, {
    onset: 4.8,
    offset: 5,
    label: "beep",
  }]);
});

Deno.test("synthesizeStream() has no event and no peak beyond full scale where none is planned", async () => {
  const samples = await collect({ durationSeconds: 20, seed: 9, events: [] });
  assert.ok(samples.every((value) => Math.abs(value) <= 1));
  const [start, end] = activeRange(samples, { sampleRate: SAMPLE_RATE, thresholdDecibels: -60 });
  assert.ok(end - start > 15 * SAMPLE_RATE, "something sounds all the time");
});

Deno.test("synthesizeStream() refuses an event outside of the stream", () => {
  const make = (onset: number) =>
    synthesizeStream({ durationSeconds: 5, seed: 1, events: [{ onset, snrDecibels: 0 }] });
  assert.throws(() => make(6), RangeError);
  assert.throws(() => make(-1), RangeError);
  assert.throws(() => synthesizeStream({ durationSeconds: 0, seed: 1, events: [] }), RangeError);
});

Deno.test("planEvents() spreads events over the whole stream, in order", () => {
  const events = planEvents({ durationSeconds: 600, seed: 2, count: 30, snrDecibels: [3, 9] });
  assert.equal(events.length, 30);
  assert.deepEqual(events, events.toSorted((a, b) => a.onset - b.onset));
  assert.ok(events[0]!.onset < 20 && events[29]!.onset > 580 && events[29]!.onset < 600);
  assert.ok(events.every(({ snrDecibels }) => snrDecibels >= 3 && snrDecibels < 9));
});
