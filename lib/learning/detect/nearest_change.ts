/** Where a sound may change near a moment. */
interface ChangeSearch {
  /** Bands in a frame, M. */
  readonly bands: number;
  /** Frame near which the change is. */
  readonly near: number;
  /** Frames on each side that are compared. */
  readonly around: number;
  /** Standard deviation of how far the change may be off, in frames. */
  readonly spread: number;
}

/**
 * The frame before which a sound changes most: the mean spectrum of the frames before it differs most from that of those after
 * it, less so the farther it is from where the change is thought to be (Foote's novelty with a kernel of two blocks, 2000).
 *
 * @param logMel Shape [T, M].
 * @returns From `around` to T - `around`; `near` where there are too few frames.
 */
export function nearestChange(
  logMel: Float32Array,
  { bands: M, near, around, spread }: ChangeSearch,
): number {
  const T = Math.floor(logMel.length / M);
  let [best, most] = [near, 0];
  for (let t = around; t <= T - around; t++) {
    let novelty = 0;
    for (let m = 0; m < M; m++) {
      let difference = 0;
      for (let d = 1; d <= around; d++) {
        difference += logMel[(t + d - 1) * M + m]! - logMel[(t - d) * M + m]!;
      }
      novelty += (difference / around) ** 2;
    }
    novelty *= Math.exp(-(((t - near) / spread) ** 2) / 2);
    if (novelty > most) [best, most] = [t, novelty];
  }
  return best;
}
