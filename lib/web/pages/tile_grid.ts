/** Width of a spectrogram tile, in pixels. */
export const TILE_WIDTH = 512;
/** Height of a spectrogram tile, in pixels. */
export const TILE_HEIGHT = 192;
/** Minimum and maximum pairs in a tile of peaks. */
export const PEAK_BINS = 2048;
/** Up to this level (64 s a tile), tiles are made from the sound itself, at once. */
export const EXACT_LEVELS = 8;
/** Longest stretch of sound that is given at once, in seconds. */
export const MAX_STRETCH_SECONDS = 120;
/** Longest part that snapping points are looked for in, in seconds. */
export const MAX_SNAP_SECONDS = 120;

/** Seconds that a tile of a level spans: 0.25 at level 0, twice as much at each further one. */
export function tileSeconds(level: number): number {
  return 0.25 * 2 ** level;
}

/** The lowest level at which one tile spans a whole recording. */
export function highestLevel(duration: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(duration, 0.25) / 0.25)));
}

/** Rate at which tiles look at the sound, in Hz. */
export const TILE_RATE = 16_000;
