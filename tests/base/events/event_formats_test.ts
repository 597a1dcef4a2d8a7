import assert from "node:assert/strict";
import {
  detectEventFormat,
  EVENT_FORMAT_NAMES,
  EVENT_FORMATS,
  type EventFormatName,
  readEvents,
} from "lib/base/events/event_formats.ts";
import { compareByOnset, type EventRow } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";

const random = createRandom("event formats");
const LABELS = ["burp", "not-burp", "a & <b>", "semi;colon=#\\", "Räusper ×", 'quote " comma, tab'];
const events: EventRow[] = Array.from({ length: 200 }, () => {
  const onset = random.uniform(0, 40_000);
  return {
    recording: random.pick(["data/vods/a b.mp4", "x.wav"]),
    onset,
    offset: onset + random.uniform(0.05, 3),
    label: random.pick(LABELS),
    score: random.next(),
  };
}).toSorted(compareByOnset);

/** How far times may be off after writing and reading, in seconds. */
const PRECISION: Partial<Record<EventFormatName, number>> = {
  csv: 0.6e-6,
  json: 0.6e-6,
  audacity: 0.6e-6,
  raven: 0.6e-6,
  vtt: 0.6e-3,
  ffmetadata: 0.6e-3,
  edl: 1 / 30 + 1e-6,
};
const KEEPS_SCORE: readonly EventFormatName[] = ["csv", "json", "raven", "edl"];

for (const [name, precision] of Object.entries(PRECISION) as [EventFormatName, number][]) {
  Deno.test(`EVENT_FORMATS.${name} gives back what was written, and is recognised by its content`, () => {
    const text = EVENT_FORMATS[name].write(events);
    assert.equal(detectEventFormat(text), name);
    const back = readEvents(text);
    assert.equal(back.length, events.length);
    back.forEach((event, index) => {
      const original = events[index]!;
      assert.ok(Math.abs(event.onset - original.onset) <= precision, `onset of event ${index}`);
      assert.ok(Math.abs(event.offset - original.offset) <= precision, `offset of event ${index}`);
      assert.equal(event.label, original.label);
      if (!KEEPS_SCORE.includes(name)) return;
      assert.ok(Math.abs(event.score! - original.score!) < 1e-6, `score of event ${index}`);
      assert.equal(event.recording, original.recording);
    });
  });
}

Deno.test("EVENT_FORMATS writes no event as a file that is read as no event", () => {
  for (const name of EVENT_FORMAT_NAMES) {
    const text = EVENT_FORMATS[name].write([]);
    assert.deepEqual(EVENT_FORMATS[name].read(text), [], name);
  }
});

Deno.test("EVENT_FORMATS has an own extension for each format", () => {
  const extensions = EVENT_FORMAT_NAMES.map((name) => EVENT_FORMATS[name].extension);
  assert.equal(new Set(extensions).size, EVENT_FORMAT_NAMES.length);
});

Deno.test("readEvents() reads windows line ends and a byte order mark in every format", () => {
  for (const name of EVENT_FORMAT_NAMES) {
    const one = [{ onset: 12, offset: 14, label: "cough" }];
    const [back] = readEvents("\uFEFF" + EVENT_FORMATS[name].write(one).replaceAll("\n", "\r\n"));
    assert.deepEqual([back?.onset, back?.label], [12, "cough"], name);
  }
});

Deno.test("detectEventFormat() refuses what is no event file, and says what it saw", () => {
  assert.throws(() => detectEventFormat("RIFF....WAVEfmt"), /RIFF.*onset and offset/);
});
