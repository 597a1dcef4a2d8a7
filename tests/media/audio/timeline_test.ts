import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createTimeline, type PlacedSound, type StampedSound } from "lib/media/audio/timeline.ts";

const RATE = 1000;
const options = { sampleRate: RATE };
/** Length of a packet. */
const PACKET = 20;

/** Packets that follow each other from a time on; the payload is the number of the first sample. */
function packets(time: number, samples: number, first = 0): StampedSound<number>[] {
  return Array.from(
    { length: Math.ceil(samples / PACKET) },
    (_, i) => ({
      time: time + i * PACKET,
      length: Math.min(PACKET, samples - i * PACKET),
      payload: first + i * PACKET,
    }),
  );
}

function placeAll(sounds: readonly StampedSound<number>[], begin?: number) {
  const timeline = createTimeline<number>({ ...options, begin });
  const pieces = [...sounds.flatMap(timeline.push), ...timeline.finish()];
  checkContiguous(pieces);
  return { restarted: timeline.restarted, runs: toRuns(pieces) };
}

function checkContiguous(pieces: readonly PlacedSound<number>[]): void {
  for (const [i, { position, length }] of pieces.entries()) {
    assert.ok(length > 0);
    const before = pieces[i - 1];
    if (before) assert.equal(position, before.position + before.length);
  }
}

/** Sound without a break as [position, number of its first sample, length]. */
function toRuns(pieces: readonly PlacedSound<number>[]): [number, number, number][] {
  const runs: [number, number, number][] = [];
  for (const { position, length, payload, from } of pieces) {
    if (payload === undefined) continue;
    const last = runs.at(-1);
    const sample = payload + from;
    if (last && last[0] + last[2] === position && last[1] + last[2] === sample) last[2] += length;
    else runs.push([position, sample, length]);
  }
  return runs;
}

Deno.test("createTimeline() lets sound without gaps pass at once", () => {
  const timeline = createTimeline<number>(options);
  for (const sound of packets(0, 3000)) {
    assert.deepEqual(timeline.push(sound).map(({ position }) => position), [sound.time]);
  }
  assert.deepEqual(timeline.finish(), []);
});

Deno.test("createTimeline() makes silence of gaps from 20 ms to an hour, where they are", () => {
  for (const gap of [20, 100, 1000, 10_000, 60_000, 3_600_000]) {
    const sounds = [...packets(0, 5000), ...packets(5000 + gap, 5000, 5000)];
    assert.deepEqual(placeAll(sounds), {
      restarted: false,
      runs: [[0, 0, 5000], [5000 + gap, 5000, 5000]],
    });
  }
});

Deno.test("createTimeline() places any number of gaps, however near to each other", () => {
  const random = createRandom(7);
  for (let round = 0; round < 50; round++) {
    const expected: [number, number, number][] = [];
    const sounds: StampedSound<number>[] = [];
    for (let time = 0, sample = 0, i = 0; i < 12; i++) {
      const length = PACKET * (1 + random.integer(40));
      sounds.push(...packets(time, length, sample));
      expected.push([time, sample, length]);
      time += length + 20 + random.integer(3000);
      sample += length;
    }
    assert.deepEqual(placeAll(sounds).runs, expected);
  }
});

Deno.test("createTimeline() begins with silence where sound begins late, and drops none where it begins early", () => {
  assert.deepEqual(placeAll(packets(2500, 100)).runs, [[2500, 0, 100]]);
  assert.deepEqual(placeAll(packets(-7, 100)).runs, [[-7, 0, 100]]);
  assert.deepEqual(placeAll(packets(-5000, 100)).runs, [[0, 0, 100]]);
  assert.deepEqual(placeAll(packets(90_000, 100), 90_500).runs, [[90_000, 0, 100]]);
  assert.deepEqual(placeAll(packets(91_000, 100), 90_500).runs, [[91_000, 0, 100]]);
});

Deno.test("createTimeline() takes jitter for what it is", () => {
  const random = createRandom(3);
  const jitter = packets(0, 60_000).map((sound, i) =>
    i === 0 ? sound : { ...sound, time: sound.time + random.uniform(-14, 14) }
  );
  assert.deepEqual(placeAll(jitter).runs, [[0, 0, 60_000]]);
  // Times within a packet of 16 frames that were guessed by a wrong rate, and come right with the next.
  const sawtooth = packets(0, 60_000).map((sound, i) => ({ ...sound, time: sound.time - 2 * (i % 16) }));
  assert.deepEqual(placeAll(sawtooth).runs, [[0, 0, 60_000]]);
  const stray = packets(0, 5000).map((sound, i) => i === 50 ? { ...sound, time: 9e6 } : sound);
  assert.deepEqual(placeAll(stray).runs, [[0, 0, 5000]]);
});

Deno.test("createTimeline() follows a clock that goes wrong slowly to within 20 ms", () => {
  for (const drift of [0.999, 1.001]) {
    const { runs } = placeAll(packets(0, 100_000).map((sound) => ({ ...sound, time: sound.time * drift })));
    for (const [position, sample] of runs) assert.ok(Math.abs(position - sample * drift) <= 20);
    assert.ok(runs.length < 8);
  }
});

Deno.test("createTimeline() leaves out what overlaps, so that later times stay true", () => {
  const sounds = [...packets(0, 5000), ...packets(4860, 5000, 5000)];
  assert.deepEqual(placeAll(sounds), { restarted: false, runs: [[0, 0, 5000], [5000, 5140, 4860]] });
});

Deno.test("createTimeline() goes on where time stamps begin anew, and keeps gaps behind", () => {
  const sounds = [
    ...packets(0, 15_000),
    ...packets(0, 5000, 15_000),
    ...packets(17_000, 3000, 20_000),
    ...packets(40, 4000, 23_000),
  ];
  assert.deepEqual(placeAll(sounds), {
    restarted: true,
    runs: [[0, 0, 20_000], [32_000, 20_000, 7000]],
  });
  // libavformat takes a jump back for a clock of 33 bits that has wrapped.
  const wrapped = [...packets(0, 5000), ...packets(95_443_717 - 3_600_000, 5000, 5000)];
  assert.deepEqual(placeAll(wrapped), { restarted: true, runs: [[0, 0, 10_000]] });
});

Deno.test("createTimeline() comes back to the programme's clock after an advertisement with one of its own", () => {
  const sounds = [
    ...packets(3_600_000, 60_000),
    ...packets(1400, 30_000, 60_000),
    ...packets(3_690_000, 60_000, 90_000),
  ];
  assert.deepEqual(placeAll(sounds, 3_600_000).runs, [[3_600_000, 0, 150_000]]);
});

Deno.test("createTimeline() passes over the one packet of a change of rate whose time stamp counts by the other rate", () => {
  const odd = (time: number, at: number) => packets(time, 20, at);
  for (const [onwards, again] of [[400, 240], [7000, 700]] as const) {
    const goesOn = [...packets(0, 5000), ...odd(onwards, 5000), ...packets(5040, 5000, 5020)];
    assert.deepEqual(placeAll(goesOn), { restarted: false, runs: [[0, 0, 5020], [5040, 5020, 5000]] });
    const anew = [...packets(3000, 5000), ...odd(again, 5000), ...packets(20, 5000, 5020)];
    assert.deepEqual(placeAll(anew, 3000), { restarted: true, runs: [[3000, 0, 10_020]] });
  }
});
