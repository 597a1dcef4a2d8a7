import assert from "node:assert/strict";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { createEventFinder, type EventOptions, findEvents } from "lib/learning/detect/find_events.ts";

const GRID = { startTime: 0, period: 0.5 };

/** Events as `[onset, offset, score]`. */
function find(scores: readonly number[], options: Partial<EventOptions> = {}, end?: number): number[][] {
  const events = findEvents(Float32Array.from(scores), GRID, {
    label: "burp",
    onsetThreshold: 0.75,
    offsetThreshold: 0.25,
    ...options,
    ...(end === undefined ? {} : { end }),
  });
  assert(events.every((event) => event.label === "burp"));
  return events.map(({ onset, offset, score }) => [onset, offset, score!]);
}

Deno.test("findEvents() reaches from the lower threshold to the lower threshold, around a peak", () => {
  assert.deepEqual(find([0, 0.5, 1, 0.5, 0, 0.5, 0.5, 0]), [[0.5, 2, 1]]);
  assert.deepEqual(find([0, 0.75, 0.25, 0]), [[0.5, 1.5, 0.75]]);
  assert.deepEqual(find([]), []);
});

Deno.test("findEvents() ends an event that is still going on with the recording", () => {
  assert.deepEqual(find([0, 0, 1]), [[1, 1.5, 1]]);
  assert.deepEqual(find([0, 0, 1], {}, 1.25), [[1, 1.25, 1]]);
});

Deno.test("findEvents() joins events across gaps of at most mergeGap", () => {
  const scores = [1, 0, 0, 1, 0, 0, 0, 1];
  assert.deepEqual(find(scores, { mergeGap: 1 }), [[0, 2, 1], [3.5, 4, 1]]);
  assert.deepEqual(find(scores, { mergeGap: 0.99 }), [[0, 0.5, 1], [1.5, 2, 1], [3.5, 4, 1]]);
  assert.deepEqual(find(scores, { mergeGap: 2 }), [[0, 4, 1]]);
});

Deno.test("findEvents() does not join across what never reached the higher threshold", () => {
  assert.deepEqual(find([1, 0, 0.5, 0, 1], { mergeGap: 0.5 }), [[0, 0.5, 1], [2, 2.5, 1]]);
});

Deno.test("findEvents() drops what is shorter than minDuration after joining", () => {
  assert.deepEqual(find([1, 0, 0, 1, 0, 1], { mergeGap: 0.5, minDuration: 1.5 }), [[1.5, 3, 1]]);
});

Deno.test("findEvents() pads events, joins those that overlap and stays inside the recording", () => {
  const scores = [1, 0, 0, 1, 0, 0, 0, 1];
  assert.deepEqual(find(scores, { pad: 0.6 }, 4), [[0, 2.6, 1], [2.9, 4, 1]]);
});

Deno.test("findEvents() cuts events at maxDuration", () => {
  const scores = [1, 1, 1, 1, 1, 0];
  assert.deepEqual(find(scores, { maxDuration: 1 }), [[0, 1, 1], [1, 2, 1], [2, 2.5, 1]]);
  assert.deepEqual(find([1, 0, 1, 0], { maxDuration: 1, mergeGap: 1 }), [[0, 0.5, 1], [1, 1.5, 1]]);
});

Deno.test("findEvents() uses half of the higher threshold when no lower one is given", () => {
  const events = findEvents(Float32Array.of(0.3, 0.2, 0.6), GRID, { label: "x", onsetThreshold: 0.5 });
  assert.deepEqual(events.map((event) => event.onset), [1]);
});

Deno.test("findEvents() never gives a negative onset", () => {
  const grid = { startTime: -0.01, period: 0.08 };
  const [event] = findEvents(Float32Array.of(1), grid, { label: "x", onsetThreshold: 0.5 });
  assert.equal(event?.onset, 0);
  assert(Math.abs(event.offset - 0.07) < 1e-12);
});

Deno.test("findEvents() refuses numbers that make no sense", () => {
  assert.throws(() => find([1], { onsetThreshold: NaN }), RangeError);
  assert.throws(() => find([1], { mergeGap: -1 }), RangeError);
});

Deno.test("createEventFinder() gives an event as soon as nothing can change it, and not before", () => {
  const finder = createEventFinder(GRID, {
    label: "x",
    onsetThreshold: 0.75,
    offsetThreshold: 0.25,
    mergeGap: 1,
  });
  const counts = [1, 0, 0, 0.5, 0.5, 0].map((score) => finder.push(Float32Array.of(score)).length);
  // The stretch from frame 3 on may still reach the threshold, and is within mergeGap, until it ends.
  assert.deepEqual(counts, [0, 0, 0, 0, 0, 1]);
  assert.equal(finder.flush().length, 0);
});

Deno.test("createEventFinder() finds what a search over the whole recording finds, in parts of any size", () => {
  const random = createRandom("find events");
  for (let trial = 0; trial < 300; trial++) {
    const scores = Array.from({ length: 60 }, () => random.pick([0, 0, 0.5, 0.5, 1]));
    const options = {
      label: "x",
      onsetThreshold: 0.75,
      offsetThreshold: 0.25,
      mergeGap: random.pick([0, 0.5, 1]),
      minDuration: random.pick([0, 1]),
      pad: random.pick([0, 0.3, 0.5]),
    };
    const finder = createEventFinder(GRID, options);
    const found: SoundEvent[] = [];
    for (let i = 0; i < scores.length;) {
      const size = 1 + random.integer(9);
      found.push(...finder.push(Float32Array.from(scores.slice(i, i + size))));
      i += size;
    }
    found.push(...finder.flush(30));
    assert.deepEqual(found.map(({ onset, offset }) => [onset, offset]), searchWhole(scores, options));
  }
});

/** The definition, written over whole arrays. */
function searchWhole(
  scores: readonly number[],
  options: { mergeGap: number; minDuration: number; pad: number },
): number[][] {
  const mask = scores.map((score) => score >= 0.25 ? "x" : ".").join("");
  const join = (spans: number[][], gap: number) =>
    spans.reduce<number[][]>((joined, span) => {
      const last = joined.at(-1);
      if (last && span[0]! - last[1]! <= gap + 1e-12) last[1] = span[1]!;
      else joined.push([...span]);
      return joined;
    }, []);
  const spans = [...mask.matchAll(/x+/g)]
    .map((match) => [match.index, match.index + match[0].length])
    .filter(([from, to]) => scores.slice(from, to).includes(1))
    .map((span) => span.map((frame) => frame * GRID.period));
  const long = join(spans, options.mergeGap).filter(([a, b]) => b! - a! >= options.minDuration - 1e-12);
  const padded = long.map(([a, b]) => [Math.max(0, a! - options.pad), b! + options.pad]);
  // Overlapping is less than touching: spans that only touch stay apart.
  return join(padded, -1e-9).map(([a, b]) => [a!, Math.min(b!, 30)]);
}
