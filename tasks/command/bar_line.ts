import { formatClock } from "lib/base/events/clock_time.ts";
import { fitText, textWidth } from "tasks/command/text_width.ts";

/** What a bar counts: seconds of a recording, bytes, or things. */
export type BarUnit = "seconds" | "bytes" | "things";

/** How far some work is. */
export interface BarState {
  readonly label: string;
  readonly value: number;
  /** 0 where nobody knows how much there is. */
  readonly total: number;
  readonly unit: BarUnit;
  /** Such as `12 events` or `loss 0.12`; empty for none. */
  readonly note: string;
  readonly elapsedMs: number;
}

/** Cells of the bar itself: as many as there is room for, within these. */
const [MOST_CELLS, FEWEST_CELLS] = [30, 5];
/** A name is cut before anything else is left out, down to so many columns. */
const SHORTEST_LABEL = 12;
/** An average over less says nothing yet. */
const SETTLED_MS = 1000;

/**
 * A bar as one line of at most `width` columns. Where it is narrow, the name is cut first, then speed, remaining time
 * and the bar itself are left out.
 */
export function barLine(state: BarState, width: number): string {
  const { note, value, total } = state;
  // A letter and its accent as one, as far as that goes: what draws the line counts both.
  const label = state.label.normalize();
  const share = total > 0 ? Math.min(1, Math.max(0, value / total)) : undefined;
  const done = share === undefined ? describeAmount(state) : `${Math.floor(100 * share)} %`;
  const [speed, left] = [describeSpeed(state), describeLeft(state)];
  const endings = [[done, note, speed, left], [done, note, left], [done, note], [done]]
    .map((parts) => parts.filter((part) => part !== "").join(" | "));
  const fewest = share === undefined ? 0 : FEWEST_CELLS + 1;
  const name = Math.min(textWidth(label), SHORTEST_LABEL) + 1;
  const ending = endings.find((text) => name + fewest + textWidth(text) <= width) ?? endings.at(-1)!;
  const room = width - textWidth(ending);
  const cells = share === undefined
    ? 0
    : Math.max(0, Math.min(MOST_CELLS, room - 2 - Math.min(textWidth(label), 24)));
  const bar = cells < FEWEST_CELLS ? "" : `${drawBar(share!, cells)} `;
  return fitText(`${fitText(label, Math.max(0, room - textWidth(bar) - 1))} ${bar}${ending}`, width);
}

/** A share from 0 to 1 as so many cells. */
export function drawBar(share: number, cells: number): string {
  const full = Math.round(share * cells);
  return "█".repeat(full) + "░".repeat(cells - full);
}

function describeAmount({ value, unit }: BarState): string {
  if (unit === "bytes") return `${(value / 1e6).toFixed(1)} MB`;
  if (unit === "seconds") return `${formatClock(value)} done`;
  return value > 0 ? `${value} done` : "";
}

function describeSpeed({ value, unit, elapsedMs }: BarState): string {
  if (elapsedMs < SETTLED_MS || value <= 0) return "";
  const perSecond = value / (elapsedMs / 1000);
  if (unit === "bytes") return `${(perSecond / 1e6).toFixed(1)} MB/s`;
  return unit === "seconds" ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} × real time` : "";
}

function describeLeft({ value, total, elapsedMs }: BarState): string {
  if (elapsedMs < SETTLED_MS || value <= 0 || total <= value) return "";
  return `${formatClock(elapsedMs / 1000 * (total - value) / value)} left`;
}
