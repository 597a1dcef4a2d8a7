import assert from "node:assert/strict";
import { computeSpectrogram } from "lib/learning/features/spectrogram.ts";

const RATE = 16_000;
const tone = (frequency: number, amplitude: number) =>
  Float32Array.from({ length: RATE }, (_, i) => amplitude * Math.sin(2 * Math.PI * frequency * i / RATE));

Deno.test("computeSpectrogram() shows a full-scale sine at 0 dB in the row of its frequency", () => {
  const { decibels, frequencies, times } = computeSpectrogram(tone(2000, 1), RATE, {
    frequencyScale: "linear",
  });
  const column = times.findIndex((seconds) => seconds >= 0.5);
  const rows = frequencies.map((_, row) => decibels[row * times.length + column]!);
  const loudest = rows.indexOf(Math.max(...rows));
  assert.equal(frequencies[loudest], 2000);
  assert.ok(Math.abs(rows[loudest]!) < 0.01);
  assert.ok(rows.every((value) => value >= -100));
});

Deno.test("computeSpectrogram() puts a sine into the nearest mel row", () => {
  const { decibels, frequencies, times } = computeSpectrogram(tone(1000, 0.1), RATE);
  assert.equal(frequencies.length, 96);
  const column = times.length >> 1;
  const rows = frequencies.map((_, row) => decibels[row * times.length + column]!);
  const loudest = frequencies[rows.indexOf(Math.max(...rows))]!;
  assert.ok(Math.abs(loudest - 1000) < 40);
});

Deno.test("computeSpectrogram() keeps a click visible when frames share columns", () => {
  const samples = new Float32Array(10 * RATE);
  samples[3 * RATE] = 1;
  const { decibels, frequencies, times } = computeSpectrogram(samples, RATE, { maxColumns: 50 });
  assert.equal(times.length, 50);
  assert.equal(decibels.length, frequencies.length * 50);
  const top = frequencies.length - 1;
  const row = decibels.subarray(top * 50, frequencies.length * 50);
  const loudest = row.indexOf(Math.max(...row));
  assert.ok(Math.abs(times[loudest]! - 3) < 0.15);
  assert.ok(row.filter((value) => value > -100).length <= 2);
});
