import type { Player } from "lib/web/browser/player.ts";
import { clampRange, panRange, rangeAround, type ViewRange, zoomRange } from "lib/web/browser/view_range.ts";

const FIRST_VIEW_SECONDS = 30;

/** The part of a long recording that is in view, and how one moves in it. Times are in seconds of the recording. */
export class RecordingWindow {
  readonly #duration: number;
  readonly #player: Player;
  readonly #onMove: () => void;
  #range: ViewRange;

  /** @param onMove Called when another part is in view. */
  constructor(duration: number, player: Player, onMove: () => void) {
    this.#duration = duration;
    this.#player = player;
    this.#onMove = onMove;
    this.#range = clampRange({ start: 0, end: Math.min(FIRST_VIEW_SECONDS, duration) }, duration);
  }

  get range(): ViewRange {
    return this.#range;
  }

  get length(): number {
    return this.#range.end - this.#range.start;
  }

  /** Shows a stretch. */
  show(range: ViewRange): void {
    this.#range = clampRange(range, this.#duration);
    this.#onMove();
  }

  /** Shows a place, with as much around it as wanted; at the zoom that is set by default. */
  showAround(time: number, length = this.length): void {
    this.show(rangeAround(time, Math.min(length, this.#duration), this.#duration));
  }

  /** Shows a place and puts the playhead there. */
  reach(time: number): void {
    const place = this.#inside(time);
    this.#player.seek(place);
    this.showAround(place);
  }

  /** Whether a time is in view. */
  holds(time: number): boolean {
    return time >= this.#range.start && time <= this.#range.end;
  }

  zoom(factor: number, around = this.#zoomCentre()): void {
    this.show(zoomRange(this.#range, around, factor, this.#duration));
  }

  pan(share: number): void {
    this.show(panRange(this.#range, share, this.#duration));
  }

  showAll(): void {
    this.show({ start: 0, end: this.#duration });
  }

  /** Moves the playhead by a part of the screen, and the view with it where it would leave it. */
  moveHead(share: number): void {
    const time = this.#inside(this.#player.position + share * this.length);
    this.#player.seek(time);
    if (this.holds(time)) this.#onMove();
    else this.showAround(time);
  }

  #inside(time: number): number {
    return Math.min(Math.max(0, time), this.#duration);
  }

  #zoomCentre(): number {
    const { position } = this.#player;
    return this.holds(position) ? position : (this.#range.start + this.#range.end) / 2;
  }
}
