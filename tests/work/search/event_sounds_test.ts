import assert from "node:assert/strict";
import type { OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { CLIP_RATE, createEventSounds, REPORT_CONTEXT } from "lib/work/search/event_sounds.ts";

const { signal } = new AbortController();

/** A recording in which sample n is n; it tells how often it was opened. */
function ramp(seconds: number, canJump: boolean) {
  const opened: (number | undefined)[] = [];
  const total = seconds * CLIP_RATE;
  return {
    opened,
    canJump: () => Promise.resolve(canJump),
    open({ sampleRate, start = 0, duration = seconds }: OpenAudioOptions) {
      opened.push(start);
      const from = Math.round(start * sampleRate);
      const to = Math.min(total, from + Math.round(duration * sampleRate));
      async function* blocks() {
        for (let at = from; at < to; at += 4096) {
          yield Float32Array.from({ length: Math.min(4096, to - at) }, (_, i) => at + i);
        }
      }
      return Promise.resolve({ sampleRate, blocks: blocks(), close: () => Promise.resolve() });
    },
  };
}

const at = (onset: number, offset: number) => ({ onset, offset, label: "burp" });
const EVENTS = [at(0.5, 1), at(7.25, 8.5), at(8, 8.75), at(19, 20.4)];

for (const canJump of [true, false]) {
  const name = canJump ? "each sound" : "a recording in which no place can be found";
  Deno.test(`event sounds decode ${name} once for clips and report`, async () => {
    const recording = ramp(20, canJump);
    const sounds = createEventSounds(recording, EVENTS, { around: true, signal });
    for (const event of EVENTS) {
      const samples = await sounds.alone(event);
      const first = event.onset * CLIP_RATE;
      const length = (Math.min(event.offset, 20) - event.onset) * CLIP_RATE;
      assert.deepEqual([samples[0], samples.length], [first, length]);
      assert.equal(samples.at(-1), first + length - 1);
    }
    for (const event of EVENTS) {
      const { samples, start, sampleRate } = await sounds.around(event);
      assert.equal(start, Math.max(0, event.onset - REPORT_CONTEXT));
      assert.equal(samples[0], start * sampleRate);
      assert.equal(samples.length, (Math.min(event.offset + REPORT_CONTEXT, 20) - start) * sampleRate);
    }
    await sounds.close();
    assert.equal(recording.opened.length, canJump ? EVENTS.length : 1);
  });
}

Deno.test("event sounds read no more than the events where no report is made", async () => {
  const recording = ramp(20, true);
  const sounds = createEventSounds(recording, EVENTS, { around: false, signal });
  for (const event of EVENTS) assert.equal((await sounds.alone(event))[0], event.onset * CLIP_RATE);
  assert.deepEqual(recording.opened, EVENTS.map(({ onset }) => onset));
});

Deno.test("event sounds decode again what is too much to wait for the report", async () => {
  for (const canJump of [true, false]) {
    const recording = ramp(20, canJump);
    // The last event finds no room any more.
    const mostHeld = 4 * CLIP_RATE * (0.5 + 1 + 2 * 1.25 + 3 * REPORT_CONTEXT + 2);
    const sounds = createEventSounds(recording, EVENTS, { around: true, signal, mostHeld });
    for (const event of EVENTS) await sounds.alone(event);
    const once = recording.opened.length;
    for (const event of EVENTS) {
      const { samples, start } = await sounds.around(event);
      const end = Math.min(event.offset + REPORT_CONTEXT, 20);
      assert.deepEqual([samples[0], samples.length], [start * CLIP_RATE, (end - start) * CLIP_RATE]);
    }
    await sounds.close();
    assert.equal(recording.opened.length - once, 1, "one sound, or one more pass for it");
  }
});
