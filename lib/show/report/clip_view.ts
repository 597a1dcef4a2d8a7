import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { framesToSeconds, secondsToFrame, type TimeGrid } from "lib/base/events/time_grid.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { frequencyMarks, pictureFeatures } from "lib/show/plots/picture_features.ts";
import { renderSpectrogram } from "lib/show/plots/spectrogram_image.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { dataAddress, markup, type SafeHtml } from "lib/show/report/html.ts";

/** Samples around an event. */
export interface Clip {
  /** Mono, from -1 to 1, shape [N]. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** Where the clip begins in the recording, in seconds. */
  readonly start: number;
}

/** Frame scores of the recording and the threshold that they are held against. */
interface ClipScores {
  readonly scores: Float32Array;
  readonly grid: TimeGrid;
  readonly threshold: number;
}

/**
 * The picture of an event: spectrogram with the event's bounds, scales in Hz and in time, and the scores beneath.
 * Undefined for a clip of less than 10 ms, of which there is nothing to see.
 */
export function clipView(event: SoundEvent, clip: Clip, scores: ClipScores): SafeHtml | undefined {
  const { samples, sampleRate, start } = clip;
  const seconds = samples.length / sampleRate;
  if (!(seconds >= 0.01)) return undefined;
  // At most about 400 pixels wide.
  const hop = Math.max(Math.round(sampleRate / 100), Math.ceil(samples.length / 400));
  const config = pictureFeatures(sampleRate, hop);
  const image = renderSpectrogram(computeLogMel(samples, config), { height: config.nMels });
  const source = dataAddress("image/png", image);
  const alt =
    `Spectrogram from ${formatTime(start)} to ${formatTime(start + seconds)}; ${event.label} from ` +
    `${formatTime(event.onset, 2)} to ${formatTime(event.offset, 2)}`;
  const at = (time: number) => Math.max(0, Math.min(1000, (time - start) / seconds * 1000));
  const [left, width] = [at(event.onset), Math.max(2, at(event.offset) - at(event.onset))];
  const hertz = frequencyMarks([250, 1000, 4000], config).map(({ text, share }) =>
    markup`<span style="bottom:${percent(share)}">${text}</span>`
  );
  const times = timeTicks(start, seconds).map((time) =>
    markup`<span style="left:${percent((time - start) / seconds)}">${formatTime(time, 0)}</span>`
  );
  return markup`<div class="view">
<div class="scale" aria-hidden="true">${hertz}</div>
<div class="picture" data-seconds="${seconds}" title="Play from here">\
<img src="${source}" alt="${alt}" loading="lazy" decoding="async">
<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">\
<rect class="bounds" x="${left.toFixed(1)}" y="1" width="${width.toFixed(1)}" height="98"/></svg>\
<div class="playhead"></div></div>
<div class="scale" aria-hidden="true"><span style="bottom:50%">score</span></div>
${scoreStrip(scores, start, seconds)}
<div class="times" aria-hidden="true">${times}</div>
</div>
`;
}

function scoreStrip({ scores, grid, threshold }: ClipScores, start: number, seconds: number): SafeHtml {
  const first = Math.max(0, secondsToFrame(start, grid));
  const last = Math.min(scores.length - 1, secondsToFrame(start + seconds, grid));
  const x = (frame: number) => ((framesToSeconds(frame + 0.5, grid) - start) / seconds * 1000).toFixed(1);
  const y = (score: number) => ((1 - score) * 96 + 2).toFixed(1);
  let curve = "";
  for (let t = first; t <= last; t++) curve += `L${x(t)} ${y(scores[t]! || 0)}`;
  const path = curve && `M${x(first)} ${y(0)}${curve}L${x(last)} ${y(0)}`;
  return markup`<div class="strip"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">\
<path class="curve" d="${path}"/>\
<line class="limit" x1="0" x2="1000" y1="${y(threshold)}" y2="${y(threshold)}"/></svg></div>`;
}

/** Whole seconds inside the clip, at most four, none so close to an edge that its text would be cut. */
function timeTicks(start: number, seconds: number): number[] {
  const step = [1, 2, 5, 10, 30, 60, 300].find((step) => seconds / step <= 4) ?? 3600;
  const first = Math.ceil((start + 0.08 * seconds) / step) * step;
  return Array.from({ length: 5 }, (_, index) => first + index * step)
    .filter((time) => time <= start + 0.92 * seconds);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
