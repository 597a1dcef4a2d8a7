import assert from "node:assert/strict";
import { plotDelays } from "lib/show/plots/delay_histogram.ts";
import { figureBytes, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import type { BarTrace } from "lib/show/plots/figure_traces.ts";
import { plotMentions } from "lib/show/plots/mention_timeline.ts";
import { DEFAULT_DELAYS } from "lib/work/harvest/delay_model.ts";

Deno.test("plotMentions() has a trace for each outcome, found first, and grey for what is muted", () => {
  const figure = plotMentions({
    recording: "<b>1</b>",
    duration: 100,
    mentions: [
      { time: 10, votes: 1, outcome: "muted" },
      { time: 20, votes: 3, outcome: "found", note: "a <clip>" },
      { time: 30, votes: 2, outcome: "unsure" },
      { time: 40, votes: 5, outcome: "found" },
    ],
    negatives: [50, 60],
    muted: [{ start: 5, end: 15 }],
  });
  assert.deepEqual(figure.data.map((trace) => trace.name), [
    "found (2)",
    "unsure (1)",
    "muted (1)",
    "Negative clips (2)",
  ]);
  assert.equal(figure.layout.shapes!.length, 1);
  assert(!JSON.stringify(figure).includes("<b>1"));
  const many = Array.from({ length: 1000 }, (_, i) => ({ time: 10 * i, votes: 1, outcome: "found" }));
  assert(figureBytes(plotMentions({ recording: "1", duration: 10_000, mentions: many })) < MAX_FIGURE_BYTES);
});

Deno.test("plotDelays() shows shares of the delays that lie on the axis", () => {
  const figure = plotDelays({ event: "burp", delays: [2.2, 2.9, 7, 100, -1], expected: DEFAULT_DELAYS });
  const [bars, curve] = figure.data;
  assert.equal(bars!.name, "Found (3)");
  assert.equal((bars as BarTrace).y[2], 0.6667);
  assert.equal((bars as BarTrace).y[7], 0.3333);
  assert.match(curve!.name!, /^Expected/);
  assert.equal(plotDelays({ event: "burp", delays: [] }).data.length, 1);
});
