import { getJson } from "lib/web/browser/api_client.ts";
import { snapTimes, snapTo } from "lib/web/browser/snapping.ts";
import type { ViewRange } from "lib/web/browser/view_range.ts";
import type { SnapPoints } from "lib/web/pages/api_recordings.ts";
import { MAX_SNAP_SECONDS } from "lib/web/pages/tile_grid.ts";

/** How near a boundary must come. */
const SNAP_PIXELS = 9;
/** How long a view must rest before its points are asked for. */
const REST_MS = 200;

/** Where boundaries of a long recording may snap to, for the part in view. */
export class RecordingSnaps {
  readonly #id: string;
  readonly #closed: AbortSignal;
  #times: readonly number[] | undefined;
  #range: ViewRange | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether boundaries snap. */
  on = true;

  constructor(id: string, closed: AbortSignal) {
    this.#id = id;
    this.#closed = closed;
  }

  /** Says which part is in view; the same object as long as it is the same part. */
  moveTo(range: ViewRange): void {
    if (range === this.#range) return;
    this.#range = range;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(range), REST_MS);
  }

  /**
   * The nearest time that a boundary may snap to, or the time itself.
   * @param view The part in view, and how wide it is in pixels.
   */
  snapped(time: number, { range: { start, end }, width }: { range: ViewRange; width: number }): number {
    if (!this.on || !this.#times) return time;
    return snapTo(time, this.#times, SNAP_PIXELS * (end - start) / width);
  }

  async #load(range: ViewRange): Promise<void> {
    const { start, end } = range;
    this.#times = undefined;
    if (end - start > MAX_SNAP_SECONDS || this.#closed.aborted) return;
    const query = `start=${start.toFixed(3)}&end=${end.toFixed(3)}`;
    try {
      const points = await getJson<SnapPoints>(`/api/recordings/${this.#id}/snaps?${query}`, this.#closed);
      // What was asked for earlier may come later.
      if (range === this.#range) this.#times = snapTimes(points);
    } catch {
      // Without them boundaries stay where they are put, and whoever moves the playhead asks again.
      if (range === this.#range) this.#range = undefined;
    }
  }
}
