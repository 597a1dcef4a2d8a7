import assert from "node:assert/strict";
import { plotClassBalance } from "lib/show/plots/class_balance.ts";
import { figureBytes, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import type { BarTrace } from "lib/show/plots/figure_traces.ts";

const labels = (label: string, group: string, count: number) =>
  Array.from({ length: count }, () => ({ label, group }));

Deno.test("plotClassBalance() stacks the clips of each label by recording, the event first", () => {
  const figure = plotClassBalance([
    ...labels("unsure", "b", 1),
    ...labels("not-burp", "a", 4),
    ...labels("burp", "a", 2),
    ...labels("burp", "<b>", 3),
  ]);
  assert.deepEqual(figure.data[0]!.x, ["burp", "not-burp", "unsure"]);
  const rows = figure.data.map((trace) => [trace.name, (trace as BarTrace).y]);
  assert.deepEqual(rows[0], ["a (6)", [2, 4, 0]]);
  assert.equal(figure.layout.barmode, "stack");
  assert(!JSON.stringify(figure).includes("<b>"));
});

Deno.test("plotClassBalance() names recordings without the folders that they share", () => {
  const groups = ["/tmp/x1/vods/monday.wav", "/tmp/x1/vods/tuesday.wav", "/tmp/x2/vods/tuesday.wav"];
  const names = plotClassBalance(groups.flatMap((group) => labels("burp", group, 1))).data.map(({ name }) =>
    name
  );
  assert.deepEqual(names, ["monday.wav (1)", "x1/vods/tuesday.wav (1)", "x2/vods/tuesday.wav (1)"]);
});

Deno.test("plotClassBalance() puts many recordings together, and draws nothing at all", () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ label: "burp", group: `recording ${i}` }));
  const figure = plotClassBalance(many);
  assert.equal(figure.data.length, 7);
  assert.equal(figure.data.at(-1)!.name, "294 other recordings (294)");
  assert(figureBytes(figure) < MAX_FIGURE_BYTES);
  assert.deepEqual(plotClassBalance([]).data, []);
});
