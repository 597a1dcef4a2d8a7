import type { CandidateList, Region } from "lib/web/pages/api_recordings.ts";

/** A boundary of one region, or of two that meet. */
export interface Boundary {
  readonly time: number;
  /** The region that ends here. */
  readonly ends?: string;
  /** The region that begins here. */
  readonly begins?: string;
}

/** The shortest region, in seconds. */
export const SHORTEST_REGION = 0.02;
/** Boundaries that are nearer than this are one. */
const SAME_SECONDS = 0.001;

/** All boundaries, by time; where a region ends and another begins, they are one. */
export function boundariesOf(regions: readonly Region[]): Boundary[] {
  const ends = regions.map(({ id, offset }) => ({ time: offset, ends: id }));
  const begins = regions.map(({ id, onset }) => ({ time: onset, begins: id }));
  const sorted: Boundary[] = [...ends, ...begins].sort((a, b) => a.time - b.time);
  const merged: Boundary[] = [];
  for (const boundary of sorted) {
    const last = merged.at(-1);
    const joins = last && boundary.time - last.time < SAME_SECONDS &&
      (last.ends === undefined) !== (boundary.ends === undefined) &&
      (last.begins === undefined) !== (boundary.begins === undefined);
    if (joins) merged[merged.length - 1] = { ...boundary, ...last };
    else merged.push(boundary);
  }
  return merged;
}

/**
 * Moves a boundary, of both regions where two meet, as far as they leave room.
 * @returns Where it is now, and the regions as they are then; only those that it belongs to.
 */
export function moveBoundary(
  regions: readonly Region[],
  boundary: Boundary,
  time: number,
  duration: number,
): { boundary: Boundary; changed: Region[] } {
  const ending = regions.find(({ id }) => id === boundary.ends);
  const beginning = regions.find(({ id }) => id === boundary.begins);
  const lowest = ending ? ending.onset + SHORTEST_REGION : 0;
  const highest = beginning ? beginning.offset - SHORTEST_REGION : duration;
  const exact = Math.round(Math.min(Math.max(time, lowest), highest) * 1e6) / 1e6;
  return {
    boundary: { ...boundary, time: exact },
    changed: [
      ...ending ? [{ ...ending, offset: exact }] : [],
      ...beginning ? [{ ...beginning, onset: exact }] : [],
    ],
  };
}

/** The boundary next to a time: the first after it, or the last before it. */
export function nextBoundary(
  boundaries: readonly Boundary[],
  time: number,
  direction: -1 | 1,
): Boundary | undefined {
  return direction === 1
    ? boundaries.find((boundary) => boundary.time > time + SAME_SECONDS)
    : boundaries.findLast((boundary) => boundary.time < time - SAME_SECONDS);
}

/** Regions with some of them put in place of those with the same ids, by time. */
export function withChanged(regions: readonly Region[], changed: readonly Region[]): Region[] {
  const ids = new Set(changed.map(({ id }) => id));
  return sortedRegions([...regions.filter(({ id }) => !ids.has(id)), ...changed]);
}

/** By onset, then by offset. */
export function sortedRegions(regions: readonly Region[]): Region[] {
  return regions.toSorted((a, b) => a.onset - b.onset || a.offset - b.offset);
}

/** The shortest region at a time, which is the one that one means where several overlap. */
export function regionAt(regions: readonly Region[], time: number): Region | undefined {
  return regions.filter(({ onset, offset }) => onset <= time && time <= offset)
    .sort((a, b) => (a.offset - a.onset) - (b.offset - b.onset))[0];
}

/** The candidates, each done if a person has labelled something where it is. */
export function markDone(
  candidates: CandidateList["candidates"],
  regions: readonly Region[],
): CandidateList["candidates"] {
  const decided = regions.filter(({ source }) => source.kind === "person");
  return candidates.map((candidate) => ({
    ...candidate,
    done: decided.some(({ onset, offset }) => onset < candidate.offset && candidate.onset < offset),
  }));
}
