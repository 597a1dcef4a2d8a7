import { titledAxis } from "lib/show/plots/base_layout.ts";
import type { Axis } from "lib/show/plots/figure_layout.ts";

/**
 * A time within a recording as people read it off a player: `0:12:34.5`.
 *
 * @param seconds Seconds from the start of the recording; below 0 gets a minus sign.
 * @param decimals Decimals of the seconds.
 */
export function formatTime(seconds: number, decimals = 1): string {
  const factor = 10 ** decimals;
  const units = Math.round(Math.abs(seconds) * factor);
  const whole = Math.floor(units / factor);
  const pad = (value: number) => String(value).padStart(2, "0");
  const clock = `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  const fraction = decimals > 0 ? `.${String(units % factor).padStart(decimals, "0")}` : "";
  return `${seconds < 0 && units > 0 ? "-" : ""}${clock}${fraction}`;
}

// The first of January 1971 instead of 1970: plotly.js takes short numbers on a date axis for years, so that 1.234 s
// after 1970 would be drawn in the year 1234.
const AXIS_START_MS = 31_536_000_000;

/** The value of a {@link recordingTimeAxis} for a time in seconds: milliseconds, rounded to a tenth. */
export function toTimeAxis(seconds: number): number {
  return AXIS_START_MS + Math.round(seconds * 10_000) / 10;
}

/**
 * The axis of a recording's time. It is a date axis, because only those label themselves in hours, minutes and
 * seconds at every zoom; past a day the labels name the day.
 *
 * @param range First and last second shown.
 */
export function recordingTimeAxis(range: readonly [number, number], settings: Axis = {}): Axis {
  const whole = range[1] > 86_400 ? "day %-j, %-H:%M:%S" : "%-H:%M:%S";
  return titledAxis("Time in the recording (h:min:s)", {
    type: "date",
    range: [toTimeAxis(range[0]), toTimeAxis(range[1])],
    tickformatstops: [
      { dtickrange: [null, 1000], value: "%-H:%M:%S.%1f" },
      { dtickrange: [1000, null], value: whole },
    ],
    nticks: 12,
    ...settings,
  });
}
