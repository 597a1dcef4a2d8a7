import type { Axis } from "lib/plots/figure_layout.ts";
import { titledAxis } from "lib/plots/base_layout.ts";

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

/** The value of a {@link recordingTimeAxis} for a time in seconds: milliseconds, whole to a tenth. */
export function toTimeAxis(seconds: number): number {
  return Math.round(seconds * 10_000) / 10;
}

/**
 * The axis of a recording's time. It is a date axis counting from 1970, because only those label themselves in
 * hours, minutes and seconds at every zoom; past a day the labels name the day.
 *
 * @param range First and last second shown.
 */
export function recordingTimeAxis(range: readonly [number, number], settings: Axis = {}): Axis {
  const hours = range[1] > 86_400 ? "day %-j, %-H:%M" : "%-H:%M";
  return titledAxis("Time in the recording (h:min, s when zoomed in)", {
    type: "date",
    range: [toTimeAxis(range[0]), toTimeAxis(range[1])],
    tickformatstops: [
      { dtickrange: [null, 1000], value: "%-H:%M:%S.%1f" },
      { dtickrange: [1000, 60_000], value: "%-H:%M:%S" },
      { dtickrange: [60_000, null], value: hours },
    ],
    nticks: 12,
    ...settings,
  });
}
