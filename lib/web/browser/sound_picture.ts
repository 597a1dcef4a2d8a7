import { pageColour, type Surface } from "lib/web/browser/canvas.ts";
import { axisTicks, timeToX, type ViewRange } from "lib/web/browser/view_range.ts";

/** Where the parts of a picture of sound lie, in CSS pixels from the top. */
interface PictureParts {
  readonly spectrogram: number;
  readonly waveform: number;
  readonly axis: number;
}

const AXIS_HEIGHT = 22;

/** Heights of spectrogram, waveform and time axis. */
export function pictureParts(height: number): PictureParts {
  const rest = Math.max(40, height - AXIS_HEIGHT);
  const waveform = Math.round(Math.min(120, rest * 0.26));
  return { spectrogram: rest - waveform, waveform, axis: AXIS_HEIGHT };
}

/** A span of sound as its lowest and highest samples in turn, from -127 to 127. */
export interface PeakRun {
  readonly values: ArrayLike<number>;
  readonly start: number;
  readonly end: number;
}

/** Draws the waveform into its part: every pixel from its lowest to its highest sample. */
export function drawWaveform(
  { context, width }: Surface,
  runs: readonly PeakRun[],
  range: ViewRange,
  place: { top: number; height: number; gain?: number },
): void {
  const middle = place.top + place.height / 2;
  const scale = (place.height / 2 - 2) / 127 * (place.gain ?? 1);
  const clip = place.height / 2 - 1;
  context.fillStyle = pageColour("wave");
  for (const { values, start, end } of runs) {
    const bins = values.length / 2;
    if (bins === 0) continue;
    const binSeconds = (end - start) / bins;
    const firstX = Math.max(0, Math.floor(timeToX(start, range, width)));
    const lastX = Math.min(width, Math.ceil(timeToX(end, range, width)));
    for (let x = firstX; x < lastX; x++) {
      const secondsPerPixel = (range.end - range.start) / width;
      const time = range.start + x * secondsPerPixel;
      const first = Math.max(0, Math.floor((time - start) / binSeconds));
      const last = Math.min(
        bins,
        Math.max(first + 1, Math.ceil((time + secondsPerPixel - start) / binSeconds)),
      );
      let [low, high] = [127, -127];
      for (let bin = first; bin < last; bin++) {
        low = Math.min(low, values[2 * bin]!);
        high = Math.max(high, values[2 * bin + 1]!);
      }
      if (low > high) continue;
      const top = Math.max(-clip, -high * scale);
      const bottom = Math.min(clip, -low * scale);
      context.fillRect(x, middle + top - 0.5, 1, Math.max(1, bottom - top + 1));
    }
  }
}

/** Loudest sample of a view, so that quiet sounds can be drawn large: what to multiply with, from 1 to 20. */
export function waveformGain(runs: readonly PeakRun[], range: ViewRange): number {
  let loudest = 1;
  for (const { values, start, end } of runs) {
    const bins = values.length / 2;
    const binSeconds = (end - start) / bins;
    const first = Math.max(0, Math.floor((range.start - start) / binSeconds));
    const last = Math.min(bins, Math.ceil((range.end - start) / binSeconds));
    for (let i = 2 * first; i < 2 * last; i++) loudest = Math.max(loudest, Math.abs(values[i]!));
  }
  return Math.min(20, 120 / loudest);
}

/** Draws the time axis below, and faint lines up through the waveform. */
export function drawTimeAxis(surface: Surface, range: ViewRange, top: number): void {
  const { context, width } = surface;
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.fillStyle = pageColour("muted");
  for (const { time, text } of axisTicks(range, width / 90)) {
    const x = timeToX(time, range, width);
    context.fillRect(Math.round(x), top, 1, 5);
    const half = context.measureText(text).width / 2;
    context.textAlign = "left";
    context.fillText(text, Math.min(Math.max(2, x - half), width - 2 * half - 2), top + 14);
  }
}

/** Writes frequencies on the spectrogram's left edge. */
export function drawFrequencies(
  { context }: Surface,
  marks: readonly { readonly text: string; readonly share: number }[],
  height: number,
): void {
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  let lowest = Infinity;
  // From the top, where they matter most: low ones that would touch are left out.
  for (const { text, share } of marks.toSorted((a, b) => b.share - a.share)) {
    const y = height * (1 - share);
    if (y < 8 || y > height - 6 || Math.abs(y - lowest) < 15) continue;
    lowest = y;
    context.fillStyle = "rgb(255 255 255 / 0.45)";
    context.fillRect(0, Math.round(y), 5, 1);
    context.lineWidth = 3;
    context.strokeStyle = "rgb(0 0 4 / 0.75)";
    context.strokeText(text, 8, y);
    context.fillStyle = "#fff";
    context.fillText(text, 8, y);
  }
}
