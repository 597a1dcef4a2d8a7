import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createSilenceCollector, SILENCE_SECONDS } from "lib/media/chat/chat_silences.ts";

const silencesOf = (times: readonly number[]) => {
  const collector = createSilenceCollector();
  for (const time of times) collector.add(time);
  return collector.silences();
};

Deno.test("a chat says nothing before its first message, in long pauses and after its last one", () => {
  assert.deepEqual(silencesOf([300, 301, 400, 900, 950]), [
    { start: 0, end: 300 },
    { start: 400, end: 900 },
    { start: 950, end: Infinity },
  ]);
  assert.deepEqual(silencesOf([10, 129, 249]), [{ start: 129, end: 249 }, { start: 249, end: Infinity }]);
  assert.deepEqual(silencesOf([]), [{ start: 0, end: Infinity }]);
});

Deno.test("silences are the gaps between sorted messages, in whatever order they come", () => {
  const random = createRandom("silences");
  for (let i = 0; i < 200; i++) {
    const times = Array.from({ length: random.integer(40) }, () => random.uniform(0, 5000));
    const sorted = [0, ...times.toSorted((a, b) => a - b), Infinity];
    const gaps = sorted.slice(1).map((end, index) => ({ start: sorted[index]!, end }))
      .filter(({ start, end }) => end - start >= SILENCE_SECONDS);
    assert.deepEqual(silencesOf(times), gaps);
  }
});
