import assert from "node:assert/strict";
import { readAudacityLabels, writeAudacityLabels } from "lib/base/events/audacity_labels.ts";

Deno.test("writeAudacityLabels() writes tabs and six decimals, one line an event", () => {
  const text = writeAudacityLabels([
    { onset: 12.48, offset: 13.1, label: "burp", score: 0.9 },
    { onset: 20, offset: 20, label: "two\twords\nhere" },
  ]);
  assert.equal(text, "12.480000\t13.100000\tburp\n20.000000\t20.000000\ttwo words here\n");
});

Deno.test("readAudacityLabels() gives back what was written", () => {
  const events = [{ onset: 0.5, offset: 36_000.123456, label: "burp" }, {
    onset: 3,
    offset: 3,
    label: "a b",
  }];
  assert.deepEqual(readAudacityLabels(writeAudacityLabels(events)), events);
});

Deno.test("readAudacityLabels() skips frequency lines and takes missing labels and decimal commas", () => {
  const text = "1.000000\t2.000000\tburp\r\n\\\t100.5\t4000.0\r\n3,500000\t4,250000\t\n5\t6\n";
  assert.deepEqual(readAudacityLabels(text, { label: "cough" }), [
    { onset: 1, offset: 2, label: "burp" },
    { onset: 3.5, offset: 4.25, label: "cough" },
    { onset: 5, offset: 6, label: "cough" },
  ]);
});

Deno.test("readAudacityLabels() names the line of what is wrong", () => {
  assert.throws(() => readAudacityLabels("1\t2\ta\nburp at 3\n"), /line 2: offset is missing|line 2: onset/);
  assert.throws(() => readAudacityLabels("2\t1\ta\n"), /line 1: offset 1 lies before onset 2/);
});
