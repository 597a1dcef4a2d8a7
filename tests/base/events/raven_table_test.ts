import assert from "node:assert/strict";
import { readRavenTable, writeRavenTable } from "lib/base/events/raven_table.ts";

Deno.test("writeRavenTable() writes the columns that Raven needs", () => {
  const [header, row] = writeRavenTable([{ onset: 1.5, offset: 2, label: "burp", score: 0.5 }], {
    highFrequency: 4000,
  }).split("\n");
  assert.equal(
    header,
    "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\tScore\tBegin Path",
  );
  assert.equal(row, "1\tSpectrogram 1\t1\t1.500000\t2.000000\t0.0\t4000.0\tburp\t0.5\t");
});

Deno.test("readRavenTable() takes a selection in two views as one event", () => {
  const text = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\n" +
    "1\tWaveform 1\t1\t3.25\t4\n1\tSpectrogram 1\t1\t3.25\t4\n2\tSpectrogram 1\t1\t5\t6\n";
  assert.deepEqual(readRavenTable(text, { label: "burp" }), [
    { onset: 3.25, offset: 4, label: "burp" },
    { onset: 5, offset: 6, label: "burp" },
  ]);
});

Deno.test("readRavenTable() reads the label and confidence columns of classifiers", () => {
  const text = "Selection\tBegin Time (s)\tEnd Time (s)\tCommon Name\tConfidence\tBegin Path\n" +
    "1\t0\t3\tCough\t0.71\ta.wav\n";
  assert.deepEqual(readRavenTable(text), [
    { onset: 0, offset: 3, label: "Cough", score: 0.71, recording: "a.wav" },
  ]);
});

Deno.test("readRavenTable() names what is missing", () => {
  assert.throws(() => readRavenTable("Selection\tEnd Time (s)\n"), /no column "Begin Time \(s\)"/);
  assert.throws(
    () => readRavenTable("Begin Time (s)\tEnd Time (s)\n1\t2\nx\t3\n"),
    /line 3: onset "x" is not a number/,
  );
});
