import { dirname, join } from "node:path";
import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { encodeWav, writeWav } from "lib/media/audio/wav_writer.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { type FoundKind, type JudgedEvents, judgeEvents, KIND_NAMES } from "lib/show/plots/judged_events.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { type Clip, clipView } from "lib/show/report/clip_view.ts";
import { eventCard } from "lib/show/report/event_card.ts";
import { dataAddress, markup, type SafeHtml } from "lib/show/report/html.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import type { PlotlyPlace } from "lib/show/report/plotly_bundle.ts";
import { runRecording } from "lib/show/report/recording_script.ts";
import { whyMissed } from "lib/show/report/why_missed.ts";

/** What {@link writeReport} puts on the page. */
export interface RecordingReport {
  readonly title: string;
  /** Path, VOD id or URL of the recording. */
  readonly recording: string;
  readonly durationSeconds: number;
  readonly modelName: string;
  readonly threshold: number;
  readonly grid: TimeGrid;
  /** Frame scores from 0 to 1, shape [T]; NaN where nothing was scored. */
  readonly scores: Float32Array;
  readonly events: readonly FoundEvent[];
  readonly annotations?: readonly SoundEvent[];
  /** The sound of an event with some context; asked for one event at a time. */
  readonly clipSamples: (event: SoundEvent) => Promise<Clip>;
  /** More figures, beneath the timeline. */
  readonly figures?: readonly Figure[];
  readonly plotly?: PlotlyPlace | undefined;
  /**
   * Name of a folder beside the page in which each sound becomes a file, `<id of its card>.wav`, for pages that would
   * grow too large with their sounds inside.
   */
  readonly soundFolder?: string | undefined;
  /** Shortest event and length of the smoothing that were searched with, in seconds, to say why events are missed. */
  readonly shortest?: { readonly event: number; readonly smoothing: number } | undefined;
  /** Most bytes that all players inside the page together may take, 25 MB by default; later events get none, and the page says so. */
  readonly maxPlayerBytes?: number;
  /** Most bytes that all spectrograms together may take, 25 MB by default. */
  readonly maxPictureBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of a report. */
interface WrittenReport {
  readonly path: string;
  readonly bytes: number;
  readonly players: number;
  /** Events that got no player because the page would have grown too large. */
  readonly playersLeftOut: number;
  /** Events whose sound could not be read. */
  readonly soundsFailed: number;
}

interface Item {
  readonly event: SoundEvent & { readonly url?: string };
  readonly kind: FoundKind | "missed";
  readonly id: string;
  readonly number: string;
}

/**
 * Writes one HTML file about what was found in a recording: timeline, and for every event a spectrogram, the scores and a
 * player. It needs no network and opens from a disk. Events are added one by one, so that memory does not grow with
 * their number; the file appears when it is whole.
 */
export async function writeReport(path: string, report: RecordingReport): Promise<WrittenReport> {
  const counts = { players: 0, playersLeftOut: 0, soundsFailed: 0 };
  const bytes = await writePage(path, {
    title: report.title,
    body: body(report, counts, report.soundFolder && join(dirname(path), report.soundFolder)),
    mediaBeside: report.soundFolder !== undefined,
    scripts: [runRecording],
    plotly: report.plotly,
  });
  return { path, bytes, ...counts };
}

type Counts = { -readonly [key in "players" | "playersLeftOut" | "soundsFailed"]: number };

async function* body(
  report: RecordingReport,
  counts: Counts,
  soundFolder: string | undefined,
): AsyncGenerator<SafeHtml> {
  const judged = judgeEvents(report.events, report.annotations);
  const items = itemsOf(report, judged);
  yield markup`<header>
<h1>${report.title}</h1>
<p class="lead">${report.recording}</p>
<dl class="facts">
${facts(report, judged).map(fact)}</dl>
</header>
<main>
`;
  const timeline = plotScoreTimeline({ ...report, clickHint: "Click a mark to play it" });
  yield figureElement(timeline, "timeline");
  for (const [index, figure] of (report.figures ?? []).entries()) {
    yield figureElement(figure, `figure-${index + 1}`);
  }
  yield toolbar(items);
  yield* cards(report, items, counts, soundFolder);
  const { playersLeftOut } = counts;
  if (playersLeftOut > 0) {
    yield markup`<p class="note">${playersLeftOut} of ${items.length} events have no player, so that this page \
stays small enough to open.</p>\n`;
  }
  yield markup`</main>
<footer><p>Keys: <kbd>N</kbd> or <kbd>→</kbd> next event, <kbd>P</kbd> or <kbd>←</kbd> previous, <kbd>space</kbd> \
play or pause. Dashed boxes mark the events; beneath each spectrogram stand the scores and, dashed, the threshold.</p>
</footer>
`;
}

async function* cards(
  report: RecordingReport,
  items: readonly Item[],
  counts: Counts,
  soundFolder: string | undefined,
): AsyncGenerator<SafeHtml> {
  let playerBytes = report.maxPlayerBytes ?? 25_000_000;
  let pictureBytes = report.maxPictureBytes ?? 25_000_000;
  yield markup`<ol class="cards">\n`;
  for (const item of items) {
    report.signal?.throwIfAborted();
    const { event } = item;
    if (soundFolder === undefined && playerBytes <= 0 && pictureBytes <= 0) {
      counts.playersLeftOut++;
      yield eventCard({ ...item, note: leftOutNote(event) });
      continue;
    }
    let clip: Clip;
    try {
      clip = await report.clipSamples(event);
    } catch (error) {
      report.signal?.throwIfAborted();
      // One unreadable stretch must not cost the report of everything else; the card and the count tell.
      counts.soundsFailed++;
      yield eventCard({ ...item, note: `No sound: ${errorMessage(error)}` });
      continue;
    }
    let view = clipView(event, clip, report);
    pictureBytes -= view?.text.length ?? 0;
    if (pictureBytes < 0) view = undefined;
    let sound: string | undefined;
    const size = Math.ceil(clip.samples.length * 2 * 4 / 3);
    if (clip.samples.length > 0 && soundFolder !== undefined) {
      await Deno.mkdir(soundFolder, { recursive: true });
      await writeWav(join(soundFolder, `${item.id}.wav`), clip.samples, { sampleRate: clip.sampleRate });
      sound = `${encodeURIComponent(report.soundFolder!)}/${item.id}.wav`;
      counts.players++;
    } else if (clip.samples.length > 0 && size <= playerBytes) {
      sound = dataAddress(
        "audio/wav",
        encodeWav(clip.samples, { sampleRate: clip.sampleRate, format: "pcm16" }),
      );
      playerBytes -= size;
      counts.players++;
    } else if (clip.samples.length > 0) {
      playerBytes = 0;
      counts.playersLeftOut++;
    }
    const note = sound !== undefined
      ? undefined
      : clip.samples.length > 0
      ? leftOutNote(event)
      : "No sound here.";
    const why = item.kind === "missed" ? whyMissed(event, report) : undefined;
    yield eventCard({ ...item, view, sound, note, why });
  }
  yield markup`</ol>\n`;
}

function leftOutNote(event: SoundEvent): string {
  return `No player, so that this page stays small: listen at ${formatTime(event.onset)} in the recording.`;
}

/** Found events and, where they are known, misses, in the order of time. */
function itemsOf({ events, annotations = [] }: RecordingReport, { kindOf, missed }: JudgedEvents): Item[] {
  const found = events.map((event, index): Item => ({
    event,
    kind: kindOf(event),
    id: `event-${index + 1}`,
    number: String(index + 1),
  }));
  const misses = missed.map((event): Item => {
    const number = annotations.indexOf(event) + 1;
    return { event, kind: "missed", id: `missed-${number}`, number: `A${number}` };
  });
  return [...found, ...misses].toSorted((a, b) => a.event.onset - b.event.onset);
}

function fact([name, value, detail]: readonly [string, string, string?]): SafeHtml {
  const small = detail !== undefined && markup` <small>${detail}</small>`;
  return markup`<div><dt>${name}</dt><dd>${value}${small}</dd></div>\n`;
}

/** Name, value and detail of what stands at the top. */
function facts(
  report: RecordingReport,
  judged: JudgedEvents,
): [name: string, value: string, detail?: string][] {
  const { events, annotations, durationSeconds, modelName, threshold } = report;
  const hours = durationSeconds / 3600;
  const perHour = (count: number) => hours > 0 ? `${(count / hours).toFixed(1)} an hour` : "";
  const rows: [string, string, string?][] = [
    ["Found", String(events.length), perHour(events.length)],
    ["Length (h:min:s)", formatTime(durationSeconds, 0)],
    ["Model", modelName],
    ["Threshold", threshold.toFixed(2)],
  ];
  if (annotations) {
    const [wrong, missed] = [judged.falseAlarms.length, judged.missed.length];
    rows.push(
      ["Annotated and found", String(annotations.length - missed), `of ${annotations.length}`],
      ["Missed", String(missed), `of ${annotations.length}`],
      ["False alarms", String(wrong), perHour(wrong)],
    );
  }
  return rows;
}

function toolbar(items: readonly Item[]): SafeHtml {
  if (items.length === 0) return markup`<p>No event reached the threshold. Try a lower one.</p>\n`;
  const kinds = [...new Set(items.map((item) => item.kind))];
  const option = (kind: Item["kind"]) => markup`<option value="${kind}">${KIND_NAMES[kind]}</option>`;
  return markup`<h2 id="events">Events</h2>
<div class="toolbar" role="toolbar" aria-label="Step through the events">
<button type="button" id="previous" aria-keyshortcuts="P">Previous</button>
<button type="button" id="play" aria-keyshortcuts="Space">Play or pause</button>
<button type="button" id="next" aria-keyshortcuts="N">Next</button>
<label>Order <select id="order"><option value="onset">by time</option>\
<option value="score">by score, lowest first</option></select></label>
${
    kinds.length > 1 &&
    markup`<label>Show <select id="kind"><option value="all">all</option>${
      kinds.map(option)
    }</select></label>\n`
  }<span class="status" role="status"></span>
</div>
`;
}
