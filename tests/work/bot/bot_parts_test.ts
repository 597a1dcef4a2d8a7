import assert from "node:assert/strict";
import { createLogger } from "lib/base/system/logger.ts";
import { createSecretSet } from "lib/base/system/secrets.ts";
import { plotBotTimeline } from "lib/show/plots/bot_timeline.ts";
import { figureBytes, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import { readOrder } from "lib/work/bot/chat_orders.ts";
import { createDayCounts, localDay } from "lib/work/bot/day_counts.ts";
import { createOwnWords } from "lib/work/bot/own_words.ts";
import { createSoundBuffer } from "lib/work/bot/sound_buffer.ts";
import { createVirtualClock } from "lib/work/bot/virtual_clock.ts";

const order = (text: string, event = "burp") =>
  readOrder({ text, isBroadcaster: true, isModerator: false }, event);

Deno.test("readOrder() reads orders of those who may give them", () => {
  assert.deepEqual(order(" ?BCstop please"), { kind: "stop" });
  assert.deepEqual(order("?burps"), { kind: "count" });
  assert.deepEqual(order("?coughs", "Cough"), { kind: "count" });
  assert.deepEqual(order("?threshold 0,8"), { kind: "threshold", value: 0.8 });
  assert.deepEqual(order("?threshold x"), { kind: "bad threshold" });
  assert.deepEqual(order("?threshold 0"), { kind: "bad threshold" });
  assert.equal(order("what is ?wrong"), undefined);
  assert.equal(readOrder({ text: "?bcstop", isBroadcaster: false, isModerator: false }, "burp"), undefined);
});

Deno.test("createDayCounts() begins anew at local midnight", () => {
  const counts = createDayCounts(["heard", "said"]);
  const midnight = new Date(2026, 10, 22).getTime();
  counts.add("heard", midnight - 2);
  counts.add("heard", midnight - 1);
  assert.deepEqual(counts.today(midnight - 1), { heard: 2, said: 0 });
  assert.deepEqual(counts.today(midnight), { heard: 0, said: 0 });
  counts.add("said", midnight);
  assert.deepEqual(counts.today(midnight + 1), { heard: 0, said: 1 });
  assert.equal(localDay(midnight), "2026-11-22");
});

Deno.test("createSoundBuffer() cuts what it still has, with silence in gaps, and hears overlaps once", () => {
  const buffer = createSoundBuffer(10, 3);
  const push = (from: number, count: number, streamTime = from / 10) =>
    buffer.push(Float32Array.from({ length: count }, (_, i) => from + i), streamTime);
  push(0, 20);
  assert.deepEqual(Array.from(buffer.cut(0.5, 0.8)), [5, 6, 7]);
  push(15, 10);
  assert.deepEqual(Array.from(buffer.cut(1.8, 2.2)), [18, 19, 20, 21]);
  push(30, 5);
  assert.deepEqual(Array.from(buffer.cut(2.3, 3.2)), [23, 24, 0, 0, 0, 0, 0, 30, 31]);
  assert.equal(buffer.end, 3.5);
  assert.equal(buffer.cut(0, 0.5).length, 0);
  assert.equal(buffer.cut(0, 99).length, 30);
  push(1000, 5);
  assert.deepEqual(Array.from(buffer.cut(99.8, 100.2)), [0, 0, 1000, 1001]);
});

Deno.test("createOwnWords() takes each own message that comes back for an echo once, and none after a minute", () => {
  const clock = { monotonicMs: () => nowMs };
  let nowMs = 0;
  const words = createOwnWords(clock);
  words.add("!burp");
  assert.deepEqual([words.isEcho("hi"), words.isEcho("!burp"), words.isEcho("!burp")], [false, true, false]);
  words.add("!burp");
  nowMs = 60_000;
  assert.equal(words.isEcho("!burp"), false);
});

Deno.test("createVirtualClock() wakes sleepers in order, each at its time", async () => {
  const clock = createVirtualClock(1000);
  const woken: string[] = [];
  const note = (name: string) => () => void woken.push(`${name} ${clock.monotonicMs()}`);
  const aborted = new AbortController();
  clock.sleep(300).then(note("c"));
  clock.sleep(100).then(async () => {
    note("a")();
    await clock.sleep(100).then(note("b"));
  });
  clock.sleep(150, aborted.signal).catch(note("aborted"));
  clock.sleep(500).then(note("late"));
  aborted.abort();
  await Promise.resolve();
  await clock.advanceTo(400);
  assert.deepEqual(woken, ["aborted 0", "a 100", "b 200", "c 300"]);
  assert.deepEqual([clock.now(), clock.monotonicMs()], [1400, 400]);
});

Deno.test("createSecretSet() hides secrets also where they came after the logger", () => {
  const lines: string[] = [];
  const secrets = createSecretSet();
  const log = secrets.hiding(createLogger({ level: "debug", write: (line) => lines.push(line) }));
  secrets.add("s3cretvalue");
  for (const level of ["error", "warn", "info", "debug"] as const) log[level]("it is s3cretvalue");
  assert.ok(lines.length === 4 && lines.every((line) => line.endsWith("it is ***")), lines.join("\n"));
});

Deno.test("plotBotTimeline() stays small however much was said", () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ time: i, note: `note ${i}` }));
  const figure = plotBotTimeline({
    recording: "stream",
    duration: 5000,
    said: many,
    silent: many,
    heard: many,
    people: many,
    annotated: many,
  });
  assert.ok(figureBytes(figure) <= MAX_FIGURE_BYTES, `${figureBytes(figure)}`);
  assert.equal(figure.data.length, 5);
});
