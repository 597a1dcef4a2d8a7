import type { SnapPoints } from "lib/web/api_recordings.ts";
import { getJson } from "lib/web/page/api_client.ts";
import { snapTimes, snapTo } from "lib/web/page/snapping.ts";
import type { ViewRange } from "lib/web/page/view_range.ts";
import { MAX_SNAP_SECONDS } from "lib/web/tile_grid.ts";

/** How near a boundary must come. */
const SNAP_PIXELS = 9;
/** How long a view must rest before its points are asked for. */
const REST_MS = 200;

/** Where boundaries of a long recording may snap to, for the part in view. */
export class RecordingSnaps {
  readonly #id: string;
  readonly #closed: AbortSignal;
  #times: readonly number[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether boundaries snap. */
  on = true;

  constructor(id: string, closed: AbortSignal) {
    this.#id = id;
    this.#closed = closed;
  }

  /** Another part is in view. */
  moveTo(range: ViewRange): void {
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

  async #load({ start, end }: ViewRange): Promise<void> {
    this.#times = undefined;
    if (end - start > MAX_SNAP_SECONDS || this.#closed.aborted) return;
    const query = `start=${start.toFixed(3)}&end=${end.toFixed(3)}`;
    try {
      const points = await getJson<SnapPoints>(`/api/recordings/${this.#id}/snaps?${query}`, this.#closed);
      this.#times = snapTimes(points);
    } catch {
      // Without them boundaries stay where they are put.
    }
  }
}
