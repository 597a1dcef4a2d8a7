/** A part of a recording, in seconds from its start; `end` is after `start`. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** Joins spans that overlap or touch, in the order of time. */
export function mergeSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: TimeSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (!(span.end > span.start)) continue;
    const last = merged.at(-1);
    if (last && span.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}

/** What is left of a span without others, in the order of time. */
export function subtractSpans(span: TimeSpan, others: readonly TimeSpan[]): TimeSpan[] {
  let rest = [span];
  for (const other of others) {
    rest = rest.flatMap((part) =>
      [
        { start: part.start, end: Math.min(part.end, other.start) },
        { start: Math.max(part.start, other.end), end: part.end },
      ].filter(({ start, end }) => end > start)
    );
  }
  return rest.toSorted((a, b) => a.start - b.start).filter((part, i, all) =>
    part.start !== all[i - 1]?.start || part.end !== all[i - 1]?.end
  );
}

/** Whether two spans share more than a moment. */
export function spansOverlap(a: TimeSpan, b: TimeSpan): boolean {
  return a.start < b.end && b.start < a.end;
}
