import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";

/** A stream with sounds at known times, and the chat of people who heard them. */
export interface PlantedStream {
  readonly sampleRate: number;
  readonly samples: Float32Array<ArrayBuffer>;
  readonly truth: readonly SoundEvent[];
  readonly chat: readonly ChatMessage[];
  /** Parts of digital silence, in seconds. */
  readonly silent: readonly { readonly start: number; readonly end: number }[];
}

/** What is planted where, in seconds. */
export interface PlantOptions {
  readonly seconds?: number | undefined;
  readonly events?: readonly number[];
  /** Sounds that nobody mentions. */
  readonly others?: readonly number[];
  readonly silent?: PlantedStream["silent"];
  /** From a sound to the first message; the others come one and two seconds later. */
  readonly delay?: number;
}

/**
 * Makes a stream of soft noise, louder in its second half, with buzzing sounds of 0.6 s (the events) and whistles (the others).
 * Three people type `!burp` after each event, and small talk goes on.
 */
export function plantStream(options: PlantOptions = {}): PlantedStream {
  const { seconds = 240, events = [30, 75, 130, 190], others = [52, 100, 215], silent = [], delay = 5 } =
    options;
  const sampleRate = 16_000;
  const random = createRandom("planted stream");
  const samples = new Float32Array(seconds * sampleRate);
  for (let n = 0; n < samples.length; n++) {
    const level = n < samples.length / 2 ? 0.004 : 0.016;
    samples[n] = level * (2 * random.next() - 1);
  }
  const add = (start: number, duration: number, tone: (t: number) => number) => {
    const first = Math.round(start * sampleRate);
    for (let i = 0; i < duration * sampleRate && first + i < samples.length; i++) {
      samples[first + i] = samples[first + i]! + tone(i / sampleRate);
    }
  };
  for (const start of events) {
    add(
      start,
      0.6,
      (t) => 0.25 * (Math.sin(2 * Math.PI * 130 * t) > 0.3 ? 1 : -0.5) * Math.sin(Math.PI * t / 0.6),
    );
  }
  for (const start of others) {
    add(start, 0.5, (t) => 0.06 * Math.sin(2 * Math.PI * (1500 + 800 * t) * t) * Math.sin(Math.PI * t / 0.5));
  }
  for (const { start, end } of silent) samples.fill(0, start * sampleRate, end * sampleRate);
  const chat: ChatMessage[] = [];
  for (let time = 3; time < seconds; time += 11) chat.push({ time, userName: "talker", message: "lol" });
  for (const start of events) {
    for (const [i, userName] of ["anna", "ben", "cleo"].entries()) {
      chat.push({ time: Math.floor(start + delay + i), userName, message: i === 1 ? "!BURP lol" : "!burp" });
    }
  }
  return {
    sampleRate,
    samples,
    truth: events.map((onset) => ({ onset, offset: onset + 0.6, label: "burp" })),
    chat: chat.toSorted((a, b) => a.time - b.time),
    silent,
  };
}
