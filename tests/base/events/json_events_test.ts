import assert from "node:assert/strict";
import { readJsonEvents, writeJsonEvents } from "lib/base/events/json_events.ts";

const events = [
  {
    recording: "a.wav",
    onset: 0.3,
    offset: 1,
    label: "burp",
    score: 0.9,
    probability: 0.8,
    clip: "c.wav",
    url: "u",
  },
  { onset: 2, offset: 2.5, label: "cough" },
];

Deno.test("writeJsonEvents() writes one object a line and leaves absent fields out", () => {
  assert.equal(
    writeJsonEvents([{ ...events[0]!, onset: 0.1 + 0.2 }, events[1]!]),
    '{"recording":"a.wav","onset":0.3,"offset":1,"label":"burp","score":0.9,"probability":0.8,"clip":"c.wav","url":"u"}\n' +
      '{"onset":2,"offset":2.5,"label":"cough"}\n',
  );
});

Deno.test("readJsonEvents() gives back what was written, from lines and from an array", () => {
  assert.deepEqual(readJsonEvents(writeJsonEvents(events)), events);
  assert.deepEqual(readJsonEvents(JSON.stringify(events, null, 2)), events);
  assert.deepEqual(readJsonEvents(""), []);
});

Deno.test("readJsonEvents() leaves unknown and null fields out", () => {
  assert.deepEqual(readJsonEvents('{"onset":1,"offset":2,"score":null,"speaker":"x"}', { label: "burp" }), [
    { onset: 1, offset: 2, label: "burp" },
  ]);
});

Deno.test("readJsonEvents() names the line of what is wrong", () => {
  const good = '{"onset":1,"offset":2}\n';
  assert.throws(() => readJsonEvents(good + "{"), /line 2: /);
  assert.throws(() => readJsonEvents(good + '{"onset":"1","offset":2}'), /line 2: onset: /);
  assert.throws(
    () => readJsonEvents(good + '{"onset":3,"offset":2}'),
    /line 2: offset 2 lies before onset 3/,
  );
  assert.throws(() => readJsonEvents("[1]"), /entry 1: the value: /);
});
