import { oncePerFrame, pageColour, prepareCanvas, type Surface } from "lib/web/browser/canvas.ts";
import { labelLook, TONE_COLOURS } from "lib/web/browser/label_look.ts";
import { followPointers } from "lib/web/browser/pointer_drag.ts";
import { drawTimeAxis, drawWaveform, waveformGain } from "lib/web/browser/sound_picture.ts";
import { timeToX, type ViewRange, xToTime } from "lib/web/browser/view_range.ts";
import type { CandidateList, RecordingOverview, Region } from "lib/web/pages/api_recordings.ts";

/** What the overview shows. */
interface OverviewContent {
  readonly overview: RecordingOverview;
  readonly duration: number;
  readonly view: ViewRange;
  readonly playhead: number;
  readonly regions: readonly Region[];
  readonly candidates: CandidateList["candidates"];
  readonly events: readonly string[];
}

const STRIP = 9;
const AXIS = 20;

/** The whole recording at a glance: loudness, scores over time, what is labelled, what is to be looked at, and the part in view. */
export class OverviewCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #content: () => OverviewContent | undefined;
  readonly #layer = document.createElement("canvas");
  #drawnParts: readonly unknown[] = [];
  /** Draws soon; as often as one likes. */
  readonly redraw: () => void;

  /** @param look Called with a time that is to be in the middle of the view. */
  constructor(
    canvas: HTMLCanvasElement,
    content: () => OverviewContent | undefined,
    look: (time: number) => void,
    signal: AbortSignal,
  ) {
    this.#canvas = canvas;
    this.#content = content;
    this.redraw = oncePerFrame(() => this.#draw());
    const lookAt = (x: number) => {
      const shown = content();
      if (shown) look(xToTime(x, { start: 0, end: shown.duration }, canvas.clientWidth));
    };
    followPointers(canvas, { tap: lookAt, drag: () => ({ move: lookAt }) }, { signal });
    const observer = new ResizeObserver(this.redraw);
    observer.observe(canvas);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  #draw(): void {
    const content = this.#content();
    if (!content || this.#canvas.clientWidth === 0) return;
    const { context, width, height } = prepareCanvas(this.#canvas);
    const whole = { start: 0, end: content.duration };
    context.drawImage(this.#unmoving(content), 0, 0, width, height);
    drawTimeAxis({ context, width, height }, whole, height - AXIS);
    this.#drawView({ context, width, height }, content, whole, height - AXIS);
  }

  /** What stays as it is while the playhead moves: hours of scores are not drawn sixty times a second. */
  #unmoving(content: OverviewContent): HTMLCanvasElement {
    const { overview, regions, candidates } = content;
    const { width, height } = this.#canvas;
    const parts = [overview, regions, candidates, width, height, pageColour("wave")];
    if (parts.every((part, index) => part === this.#drawnParts[index])) return this.#layer;
    this.#drawnParts = parts;
    [this.#layer.width, this.#layer.height] = [width, height];
    const context = this.#layer.getContext("2d")!;
    const ratio = width / this.#canvas.clientWidth;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawUnmoving({ context, width: width / ratio, height: height / ratio }, content);
    return this.#layer;
  }

  #drawUnmoving(surface: Surface, content: OverviewContent): void {
    const { context, width, height } = surface;
    const whole = { start: 0, end: content.duration };
    const strips = height - AXIS - 2 * STRIP;
    const runs = [{ values: content.overview.peaks, ...whole }];
    drawWaveform(surface, runs, whole, { top: 0, height: strips, gain: waveformGain(runs, whole) });
    this.#drawScores(surface, content, strips);
    for (const { onset, offset, done } of content.candidates) {
      context.fillStyle = pageColour(done ? "line" : "accent");
      const x = timeToX(onset, whole, width);
      context.fillRect(x, strips + 1, Math.max(2, timeToX(offset, whole, width) - x), STRIP - 2);
    }
    for (const { onset, offset, label } of content.regions) {
      context.fillStyle = TONE_COLOURS[labelLook(label, content.events).tone]!;
      const x = timeToX(onset, whole, width);
      context.fillRect(x, strips + STRIP, Math.max(2, timeToX(offset, whole, width) - x), STRIP);
    }
  }

  #drawScores({ context, width }: Surface, { overview, duration }: OverviewContent, height: number): void {
    const { scores } = overview;
    if (!scores) return;
    const whole = { start: 0, end: duration };
    const yOf = (score: number) => (1 - score) * (height - 2) + 1;
    context.strokeStyle = pageColour("score");
    context.lineWidth = 1.25;
    context.beginPath();
    // Where the last drawn score was: lines begin and end at the bottom, so that a single score is seen too.
    let last: number | undefined;
    // The highest score of each pixel: a mean would hide what lasts a second in ten hours.
    const perPixel = Math.max(1, scores.values.length / width);
    for (let first = 0; first < scores.values.length; first += perPixel) {
      const part = scores.values.slice(
        Math.floor(first),
        Math.max(Math.floor(first) + 1, Math.floor(first + perPixel)),
      );
      const known = part.filter((score) => score !== null);
      if (known.length === 0) {
        if (last !== undefined) context.lineTo(last, yOf(0));
        last = undefined;
        continue;
      }
      const x = timeToX((first + perPixel / 2) * scores.binSeconds, whole, width);
      if (last === undefined) context.moveTo(x, yOf(0));
      context.lineTo(x, yOf(Math.max(...known)));
      last = x;
    }
    if (last !== undefined) context.lineTo(last, yOf(0));
    context.stroke();
    if (scores.threshold === undefined) return;
    context.strokeStyle = pageColour("muted");
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(0, yOf(scores.threshold));
    context.lineTo(width, yOf(scores.threshold));
    context.stroke();
    context.setLineDash([]);
  }

  #drawView({ context, width }: Surface, content: OverviewContent, whole: ViewRange, height: number): void {
    const left = timeToX(content.view.start, whole, width);
    const right = Math.max(left + 4, timeToX(content.view.end, whole, width));
    context.fillStyle = pageColour("accent");
    context.globalAlpha = 0.16;
    context.fillRect(left, 0, right - left, height);
    context.globalAlpha = 1;
    context.strokeStyle = pageColour("accent");
    context.lineWidth = 2;
    context.strokeRect(left, 1, right - left, height - 2);
    context.fillStyle = pageColour("ink");
    context.fillRect(timeToX(content.playhead, whole, width) - 0.75, 0, 1.5, height);
  }
}
