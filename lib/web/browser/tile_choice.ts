import type { TileKey } from "lib/web/browser/tile_cache.ts";
import type { ViewRange } from "lib/web/browser/view_range.ts";
import { TILE_WIDTH, tileSeconds } from "lib/web/pages/tile_grid.ts";

/**
 * The level whose tiles have about as many pixels as the screen.
 * @param width In pixels of the screen.
 */
export function levelFor(range: ViewRange, width: number, maxLevel: number): number {
  const secondsPerTile = (range.end - range.start) / Math.max(1, width) * TILE_WIDTH;
  return Math.min(maxLevel, Math.max(0, Math.round(Math.log2(secondsPerTile / tileSeconds(0)))));
}

/** The tiles of a level that a range touches, from the middle outwards, so that what one looks at comes first. */
export function tilesIn(range: ViewRange, level: number, duration: number): TileKey[] {
  const span = tileSeconds(level);
  const last = Math.max(0, Math.ceil(Math.min(range.end, duration) / span) - 1);
  const first = Math.min(last, Math.max(0, Math.floor(range.start / span)));
  const middle = (first + last) / 2;
  return Array.from({ length: last - first + 1 }, (_, i) => ({ level, index: first + i }))
    .sort((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle));
}

/** The span that a tile shows. */
export function tileRange({ level, index }: TileKey): ViewRange {
  const span = tileSeconds(level);
  return { start: index * span, end: (index + 1) * span };
}

/** The tile a number of levels above that a tile is a part of. */
export function coarserTile({ level, index }: TileKey, levels: number): TileKey {
  return { level: level + levels, index: Math.floor(index / 2 ** levels) };
}
