/** A span of time that fills the width of a picture, in seconds. */
export interface ViewRange {
  readonly start: number;
  readonly end: number;
}

/** The shortest span that is shown, in seconds. */
const SHORTEST_VIEW = 0.05;

/** Brings a range into [0, duration], without changing its length where that is possible. */
export function clampRange({ start, end }: ViewRange, duration: number): ViewRange {
  const length = Math.min(Math.max(end - start, Math.min(SHORTEST_VIEW, duration)), duration);
  const first = Math.min(Math.max(0, start), duration - length);
  return { start: first, end: first + length };
}

/**
 * Zooms around a point in time that stays where it is on the screen.
 * @param factor Above 1 shows more time, below 1 less.
 */
export function zoomRange(range: ViewRange, around: number, factor: number, duration: number): ViewRange {
  const length = range.end - range.start;
  const wanted = Math.min(Math.max(length * factor, Math.min(SHORTEST_VIEW, duration)), duration);
  const share = (around - range.start) / length;
  return clampRange({ start: around - share * wanted, end: around + (1 - share) * wanted }, duration);
}

/** Moves a range by a share of its length. */
export function panRange(range: ViewRange, share: number, duration: number): ViewRange {
  const shift = (range.end - range.start) * share;
  return clampRange({ start: range.start + shift, end: range.end + shift }, duration);
}

/** A range of a length that shows a point, a third from the left. */
export function rangeAround(time: number, length: number, duration: number): ViewRange {
  return clampRange({ start: time - length / 3, end: time + length * 2 / 3 }, duration);
}

/** Where a time lies in a picture of `width` pixels. */
export function timeToX(time: number, range: ViewRange, width: number): number {
  return (time - range.start) / (range.end - range.start) * width;
}

/** The time at a place of a picture of `width` pixels. */
export function xToTime(x: number, range: ViewRange, width: number): number {
  return range.start + x / width * (range.end - range.start);
}

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].concat(
  [1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60),
);

/** Round times for an axis, with their texts; at most `most` of them. */
export function axisTicks(range: ViewRange, most: number): { time: number; text: string }[] {
  const length = range.end - range.start;
  const step = STEPS.find((step) => length / step <= Math.max(1, most)) ?? STEPS.at(-1)!;
  const first = Math.ceil(range.start / step - 1e-9);
  const last = Math.floor(range.end / step + 1e-9);
  const digits = step >= 1 ? 0 : Math.ceil(-Math.log10(step) - 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const time = (first + index) * step;
    return { time, text: formatTime(time, digits) };
  });
}

/** `7`, `0:07`, `1:02:03`, with a fraction of `digits` digits: `0:07.25`. Rounded to the last digit. */
export function formatTime(seconds: number, digits = 0): string {
  const scale = 10 ** digits;
  const units = Math.round(seconds * scale);
  const whole = Math.floor(units / scale);
  const fraction = digits > 0 ? `.${String(units % scale).padStart(digits, "0")}` : "";
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return (hours > 0 ? `${hours}:${pad(minutes)}` : String(minutes)) + `:${pad(whole % 60)}${fraction}`;
}

/** Seconds of `83.5`, `1:23.5` or `2:03:04`; undefined if the text is none of these. */
export function parseTime(text: string): number | undefined {
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, hours = "0", minutes = "0", seconds = ""] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
}
