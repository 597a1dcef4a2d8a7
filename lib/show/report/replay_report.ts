import { deepLink } from "lib/base/events/deep_link.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { type BotTimelinePlot, plotBotTimeline } from "lib/show/plots/bot_timeline.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { dataAddress, type HtmlValue, markup, type SafeHtml, webAddress } from "lib/show/report/html.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import type { PlotlyPlace } from "lib/show/report/plotly_bundle.ts";

/** What {@link writeReplayReport} puts on the page. */
export interface ReplayReport {
  readonly title: string;
  /** Id or address of a recording on the web, for links to its moments; a path has none. */
  readonly recording?: string | undefined;
  readonly timeline: BotTimelinePlot;
  /** Name and value of each figure that matters. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What happened, in order: when, what, and why; with the sound that it was about. */
  readonly moments: readonly {
    readonly time: number;
    readonly what: string;
    readonly why: string;
    readonly event?: SoundEvent | undefined;
  }[];
  /** Sound of an event with a little around it; without, there are no players. */
  readonly soundOf?: ((event: SoundEvent) => Promise<Float32Array>) | undefined;
  readonly plotly?: PlotlyPlace | undefined;
}

/** Hz, of the players. */
export const REPLAY_SOUND_RATE = 16_000;
/** Most bytes that all players together take; later moments have none. */
const MAX_SOUND_BYTES = 20e6;
/** Longer lists are cut: the timeline has all. */
const MAX_ROWS = 1000;

/** Writes one HTML file about what a bot would have said. It needs no network. @returns its size, in bytes. */
export function writeReplayReport(path: string, report: ReplayReport): Promise<number> {
  return writePage(path, {
    title: report.title,
    body: parts(report),
    plotly: report.plotly,
  });
}

async function* parts(report: ReplayReport): AsyncGenerator<SafeHtml> {
  const { title, recording = "", timeline, facts, moments, soundOf } = report;
  yield markup`<header>
<h1>${title}</h1>
<p class="lead">What the bot would have said, on the recording's own time.</p>
<dl class="facts">
${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</header>
<main>
`;
  yield figureElement(plotBotTimeline(timeline), "timeline");
  yield markup`<h2>What happened</h2>\n<div class="wide"><table>
<thead><tr><th scope="col">Time</th>\
${soundOf && markup`<th scope="col">Sound</th>`}<th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>
`;
  let room = MAX_SOUND_BYTES;
  for (const { time, what, why, event } of moments.slice(0, MAX_ROWS)) {
    const sound = event && soundOf && room > 0 ? await soundAddress(event, soundOf) : undefined;
    room -= sound?.length ?? 0;
    const player = sound && markup`<audio controls preload="none" src="${sound}" \
aria-label="${event!.label} at ${formatTime(event!.onset)}"></audio>`;
    yield markup`<tr><td>${timeElement(recording, time, event)}</td>\
${soundOf && markup`<td>${player}</td>`}<td>${what}</td><td>${why}</td></tr>\n`;
  }
  yield markup`</tbody></table></div>\n`;
  if (moments.length > MAX_ROWS) {
    yield markup`<p class="note">The first ${MAX_ROWS} of ${moments.length}.</p>\n`;
  }
  yield markup`</main>\n`;
}

/** A time, as a link to the sound that it is about where the recording is on the web. */
function timeElement(recording: string, time: number, event: SoundEvent | undefined): HtmlValue {
  const url = webAddress(deepLink(recording, event?.onset ?? time));
  const text = formatTime(time);
  return url === undefined ? text : markup`<a href="${url}" rel="noreferrer noopener">${text}</a>`;
}

async function soundAddress(
  event: SoundEvent,
  soundOf: NonNullable<ReplayReport["soundOf"]>,
): Promise<string | undefined> {
  const samples = await soundOf(event);
  if (samples.length === 0) return undefined;
  return dataAddress("audio/wav", encodeWav(samples, { sampleRate: REPLAY_SOUND_RATE, format: "pcm16" }));
}
