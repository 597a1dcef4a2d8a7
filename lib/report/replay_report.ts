import { type BotTimelinePlot, plotBotTimeline } from "lib/plots/bot_timeline.ts";
import { formatTime } from "lib/plots/time_axis.ts";
import { markup, type SafeHtml } from "lib/report/html.ts";
import { figureElement, writePage } from "lib/report/page.ts";
import type { PlotlyPlace } from "lib/report/plotly_bundle.ts";

/** What {@link writeReplayReport} puts on the page. */
export interface ReplayReport {
  readonly title: string;
  readonly timeline: BotTimelinePlot;
  /** Name and value of each figure that matters. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What happened, in order: when, what, and why. */
  readonly moments: readonly { readonly time: number; readonly what: string; readonly why: string }[];
  readonly plotly?: PlotlyPlace;
}

/** Longer lists are cut: the timeline has all. */
const MAX_ROWS = 1000;

/** Writes one HTML file about what a bot would have said. It needs no network. @returns its size, in bytes. */
export function writeReplayReport(path: string, report: ReplayReport): Promise<number> {
  return writePage(path, {
    title: report.title,
    body: parts(report),
    ...(report.plotly ? { plotly: report.plotly } : {}),
  });
}

function* parts({ title, timeline, facts, moments }: ReplayReport): Generator<SafeHtml> {
  yield markup`<header>
<h1>${title}</h1>
<p class="lead">What the bot would have said, on the recording's own time.</p>
<dl class="facts">
${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</header>
<main>
`;
  yield figureElement(plotBotTimeline(timeline), "timeline");
  yield markup`<h2>What happened</h2>\n<table>
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>
`;
  for (const { time, what, why } of moments.slice(0, MAX_ROWS)) {
    yield markup`<tr><td>${formatTime(time)}</td><td>${what}</td><td>${why}</td></tr>\n`;
  }
  yield markup`</tbody></table>\n`;
  if (moments.length > MAX_ROWS) {
    yield markup`<p class="note">The first ${MAX_ROWS} of ${moments.length}.</p>\n`;
  }
  yield markup`</main>\n`;
}
