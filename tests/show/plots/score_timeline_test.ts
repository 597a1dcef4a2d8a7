import assert from "node:assert/strict";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { type Figure, figureBytes, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { toTimeAxis } from "lib/show/plots/time_axis.ts";

const GRID = { startTime: 0, period: 0.04 };

function trace(figure: Figure, name: RegExp): ScatterTrace {
  const found = figure.data.find((trace) => trace.name && name.test(trace.name));
  assert.ok(found?.type === "scatter", `no trace ${name}`);
  return found;
}

function burp(onset: number, score?: number): SoundEvent {
  return { onset, offset: onset + 0.5, label: "burp", ...(score === undefined ? {} : { score }) };
}

function longRecording(events: number) {
  const random = createRandom("long");
  const scores = Float32Array.from({ length: 36_000 / GRID.period }, () => random.next());
  const found = Array.from({ length: events }, (_, index) => ({
    ...burp(index * 36_000 / events),
    score: Math.round(1000 * random.next()) / 1000,
    label: "a long <name> & more",
  }));
  return { recording: "x.mp4", scores, grid: GRID, threshold: 0.5, events: found };
}

Deno.test("plotScoreTimeline() stays below the size limit for ten hours and thousands of events", () => {
  const recording = longRecording(4_000);
  const annotations = recording.events.map((event, index) => burp(event.onset + (index % 2) * 3));
  const figure = plotScoreTimeline({ ...recording, annotations });
  assert.ok(figureBytes(figure) <= MAX_FIGURE_BYTES, `${figureBytes(figure)} bytes`);
  assert.ok(trace(figure, /^Score/).y.length >= 3_000);
  assert.match(figure.layout.title.subtitle!.text, /500 strongest of 4000/);
});

Deno.test("plotScoreTimeline() marks the strongest when there are too many to mark", () => {
  const recording = longRecording(1_000);
  const weakest = Math.min(...trace(plotScoreTimeline(recording), /^Found \(500\)/).y.map(Number));
  const stronger = recording.events.filter((event) => event.score > weakest).length;
  // Scores have three decimals, so that a few share the weakest one's.
  assert.ok(stronger >= 480 && stronger < 500, `${stronger}`);
});

Deno.test("plotScoreTimeline() tells matches, false alarms and misses apart by colour and shape", () => {
  const scores = new Float32Array(2_500).fill(0.1);
  scores[Math.round(62.2 / 0.04)] = 0.4;
  const events = [burp(10, 0.9), burp(30, 0.6)];
  const annotations = [burp(10.2), burp(62)];
  const figure = plotScoreTimeline({
    recording: "x",
    scores,
    grid: GRID,
    threshold: 0.5,
    events,
    annotations,
  });
  const matched = trace(figure, /^Found, annotated \(1\)/);
  const wrong = trace(figure, /^False alarm \(1\)/);
  const missed = trace(figure, /^Missed \(1\)/);
  assert.equal(new Set([matched, wrong, missed].map(({ marker }) => marker?.symbol)).size, 3);
  assert.equal(new Set([matched, wrong, missed].map(({ marker }) => marker?.color)).size, 3);
  assert.deepEqual([matched, wrong, missed].map(({ customdata }) => customdata![0]![0]), [0, 1, -2]);
  // A miss stands at the highest score under it.
  assert.equal(missed.y[0], 0.4);
  assert.equal(missed.x![0], toTimeAxis(62.22));
  assert.equal(figure.layout.title.text, "2 events found with 1 false alarm, 1 missed in x");
});

Deno.test("plotScoreTimeline() draws scores where they belong and leaves gaps where there are none", () => {
  const scores = Float32Array.of(0.1, NaN, 0.7);
  const line = trace(
    plotScoreTimeline({
      recording: "x",
      scores,
      grid: { startTime: 5, period: 2 },
      threshold: 0.5,
      events: [],
    }),
    /^Score/,
  );
  assert.deepEqual(line.y, [0.1, null, 0.7]);
  assert.equal(line.x0, toTimeAxis(6));
  assert.equal(line.dx, 2000);
});

Deno.test("plotScoreTimeline() has titles with units and says what a click does", () => {
  const recording = {
    recording: "/a/b/<i>.mp4",
    scores: new Float32Array(9),
    grid: GRID,
    threshold: 0.5,
    events: [burp(0.1, 0.8)],
  };
  const figure = plotScoreTimeline({ ...recording, clickHint: "Click a mark to play it" });
  assert.match(figure.layout.xaxis!.title!.text, /h:min:s/);
  assert.match(figure.layout.yaxis!.title!.text, /0 to 1/);
  assert.match(trace(figure, /^Found \(1\)/).hovertemplate!, /Click a mark to play it/);
  assert.equal(figure.layout.title.text, "1 event found in &lt;i&gt;.mp4");
});
